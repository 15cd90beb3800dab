import { describe, expect, it } from 'vitest';
import { GHOST, Palette } from '../src/viewer/palette';

describe('Palette', () => {
  it('tells whether there is anything new to draw', () => {
    const palette = new Palette();
    const red = { colour: [200, 10, 10] as const, flags: 0 };
    expect(palette.set(new Map([[2, red]]))).toBe(true);
    expect(palette.set(new Map([[2, { ...red }]]))).toBe(false);
    expect(palette.set(new Map([[2, { ...red, flags: GHOST }]]))).toBe(true);
    expect(palette.flags(2)).toBe(GHOST);
    expect(palette.set(new Map())).toBe(true);
    expect(palette.flags(2)).toBe(0);
  });
});
