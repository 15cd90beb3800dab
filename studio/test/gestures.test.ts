import { describe, expect, it } from 'vitest';
import { type GestureHandlers, GestureRecogniser, type PointerSample } from '../src/input/gestures';

function sample(x: number, y: number, time: number, more: Partial<PointerSample> = {}): PointerSample {
  return { x, y, time, button: 0, shift: false, alt: false, mod: false, space: false, ...more };
}

function recorder(draws = false): { log: string[]; gestures: GestureRecogniser } {
  const log: string[] = [];
  const handlers: GestureHandlers = {
    click: at => log.push(`click ${at.x},${at.y}`),
    doubleClick: at => log.push(`double ${at.x},${at.y}`),
    menu: at => log.push(`menu ${at.x},${at.y}`),
    dragStart: (kind, at) => log.push(`start ${kind} ${at.x},${at.y}`),
    drag: (kind, _at, dx, dy) => log.push(`drag ${kind} ${dx},${dy}`),
    dragEnd: (kind, _at, cancelled) => log.push(`end ${kind}${cancelled ? ' cancelled' : ''}`),
    hover: at => log.push(`hover ${at.x},${at.y}`),
  };
  return { log, gestures: new GestureRecogniser(handlers, () => draws) };
}

describe('GestureRecogniser', () => {
  it('takes a press that moves under four pixels for a click, where it was pressed', () => {
    const { log, gestures } = recorder();
    gestures.down(sample(10, 10, 0));
    gestures.move(sample(12, 12, 10));
    gestures.up(sample(12, 12, 20));
    expect(log).toEqual(['click 10,10']);
  });

  it('turns the view from four pixels on, and does not click', () => {
    const { log, gestures } = recorder();
    gestures.down(sample(10, 10, 0));
    gestures.move(sample(14, 10, 10));
    gestures.move(sample(20, 11, 20));
    gestures.up(sample(20, 11, 30));
    expect(log).toEqual(['start orbit 10,10', 'drag orbit 4,0', 'drag orbit 6,1', 'end orbit']);
  });

  it.each([
    ['right button', { button: 2 }],
    ['middle button', { button: 1 }],
    ['space', { space: true }],
  ])('pans with the %s', (_name, more) => {
    const { log, gestures } = recorder(true);
    gestures.down(sample(0, 0, 0, more));
    gestures.move(sample(9, 0, 10, more));
    gestures.up(sample(9, 0, 20, more));
    expect(log[0]).toBe('start pan 0,0');
  });

  it('draws with a tool, and turns with Alt all the same', () => {
    const { log, gestures } = recorder(true);
    gestures.down(sample(0, 0, 0));
    gestures.move(sample(9, 0, 10));
    gestures.up(sample(9, 0, 20));
    gestures.down(sample(0, 0, 1000, { alt: true }));
    gestures.move(sample(9, 0, 1010, { alt: true }));
    gestures.up(sample(9, 0, 1020, { alt: true }));
    expect(log.filter(entry => entry.startsWith('start'))).toEqual(['start stroke 0,0', 'start orbit 0,0']);
  });

  it('tells a double click from two clicks, and a third press is a click again', () => {
    const { log, gestures } = recorder();
    for (const time of [0, 200, 400, 2000]) {
      gestures.down(sample(5, 5, time));
      gestures.up(sample(5, 5, time + 10));
    }
    expect(log).toEqual(['click 5,5', 'double 5,5', 'click 5,5', 'click 5,5']);
  });

  it('never joins clicks with modifiers, or clicks at two places, into a double click', () => {
    const { log, gestures } = recorder();
    for (const [x, shift] of [
      [5, false],
      [5, true],
      [5, true],
      [50, false],
      [90, false],
    ] as const) {
      gestures.down(sample(x, 5, 0, { shift }));
      gestures.up(sample(x, 5, 1, { shift }));
    }
    expect(log.every(entry => entry.startsWith('click'))).toBe(true);
  });

  it('ends a drag as cancelled when the pointer is taken away', () => {
    const { log, gestures } = recorder(true);
    gestures.down(sample(0, 0, 0));
    gestures.move(sample(9, 0, 10));
    gestures.cancel();
    gestures.move(sample(12, 0, 20));
    expect(log.slice(-2)).toEqual(['end stroke cancelled', 'hover 12,0']);
  });
});
