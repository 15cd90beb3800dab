import { describe, expect, it } from 'vitest';
import { ACTIONS, type Action, actionOf, chordOf, keysOf, type Remapped, remap } from '../src/input/keymap';

function press(key: string, more: Partial<Parameters<typeof chordOf>[0]> = {}) {
  return chordOf({ key, code: '', ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, ...more });
}

describe('chordOf', () => {
  it('writes Ctrl and Cmd the same way', () => {
    expect(press('z', { ctrlKey: true })).toBe('Mod+Z');
    expect(press('z', { metaKey: true })).toBe('Mod+Z');
  });

  it('keeps Shift for letters and leaves it out of symbols', () => {
    expect(press('Z', { ctrlKey: true, shiftKey: true })).toBe('Mod+Shift+Z');
    expect(press('?', { shiftKey: true })).toBe('?');
  });

  it('goes by the place of the key where Alt changes the character', () => {
    expect(press('¡', { altKey: true, code: 'Digit1' })).toBe('Alt+1');
  });

  it('is undefined while only a modifier is down', () => {
    expect(press('Shift', { shiftKey: true })).toBeUndefined();
  });
});

describe('the keymap', () => {
  it('gives no chord to two actions', () => {
    const chords = Object.values(ACTIONS).flatMap(action => [...action.keys]);
    expect(new Set(chords).size).toBe(chords.length);
  });

  it('takes a chord from the action that had it', () => {
    const remapped = remap({}, 'fit', 'F');
    expect(actionOf('F', remapped)).toBe('fit');
    expect(keysOf('focus', remapped)).toEqual([]);
    expect(actionOf('Home', remapped)).toBeUndefined();
  });

  it('stays free of doubles over many changes', () => {
    let remapped: Remapped = {};
    const actions = Object.keys(ACTIONS) as Action[];
    for (let k = 0; k < 200; k++) remapped = remap(remapped, actions[(7 * k) % actions.length], `F${1 + (k % 12)}`);
    const chords = actions.flatMap(action => [...keysOf(action, remapped)]);
    expect(new Set(chords).size).toBe(chords.length);
  });
});
