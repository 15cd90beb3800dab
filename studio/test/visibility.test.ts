import { describe, expect, it } from 'vitest';
import { enter, NOTHING, select } from '../src/state/selection';
import { ALL_SHOWN, type Labelled, paletteOf, toggled } from '../src/state/visibility';
import { ACTIVE, GHOST, HIDDEN } from '../src/viewer/palette';

const ROWS: Labelled[] = [
  { object: 1, part: undefined, label: 2, colour: [10, 20, 30] },
  { object: 1, part: 1, label: 3, colour: [40, 50, 60] },
  { object: 2, part: undefined, label: 4, colour: [70, 80, 90] },
];

function flags(view = ALL_SHOWN, selection = NOTHING): number[] {
  const palette = paletteOf(ROWS, view, selection);
  return [0, 2, 3, 4].map(label => palette.get(label)!.flags);
}

describe('paletteOf', () => {
  it('keeps the colour of every label', () => {
    expect(paletteOf(ROWS, ALL_SHOWN, NOTHING).get(3)!.colour).toEqual([40, 50, 60]);
    expect(flags()).toEqual([0, 0, 0, 0]);
    expect(paletteOf(ROWS, { ...ALL_SHOWN, isolated: '1/0' }, NOTHING).get(1)!.flags).toBe(HIDDEN);
  });

  it('hides the parts of a hidden object with it, and a part alone', () => {
    expect(flags({ ...ALL_SHOWN, hidden: new Set(['1/0']) })).toEqual([0, HIDDEN, HIDDEN, 0]);
    expect(flags({ ...ALL_SHOWN, hidden: new Set(['1/1']) })).toEqual([0, 0, HIDDEN, 0]);
  });

  it('hides everything else when a target is isolated', () => {
    expect(flags({ ...ALL_SHOWN, isolated: '1/0' })).toEqual([HIDDEN, 0, 0, HIDDEN]);
    expect(flags({ ...ALL_SHOWN, isolated: '1/1' })).toEqual([HIDDEN, HIDDEN, 0, HIDDEN]);
  });

  it('makes ghosts of everything outside the object that was entered', () => {
    expect(flags(ALL_SHOWN, enter(1))).toEqual([GHOST, 0, 0, GHOST]);
  });

  it('marks the active target', () => {
    expect(flags(ALL_SHOWN, select(NOTHING, ROWS[0]))).toEqual([0, ACTIVE, ACTIVE, 0]);
    expect(flags(ALL_SHOWN, select(enter(1), ROWS[1]))).toEqual([GHOST, 0, ACTIVE, GHOST]);
  });
});

it('toggles a key', () => {
  expect([...toggled(toggled(new Set(['a']), 'b'), 'a')]).toEqual(['b']);
});
