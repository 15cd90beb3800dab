import { describe, expect, it } from 'vitest';
import { enter, intentOf, kept, leave, NOTHING, select, Unclear } from '../src/state/selection';

const CHAIR = { object: 1, part: undefined };
const SEAT = { object: 1, part: 1 };
const TABLE = { object: 2, part: undefined };
const TARGETS = [CHAIR, SEAT, TABLE];
const PLAIN = { shift: false, mod: false };
const SHIFT = { shift: true, mod: false };

describe('a plain click', () => {
  it('starts an object where none is active', () => {
    expect(intentOf(NOTHING, undefined, [], PLAIN)).toEqual({ object: 1, part: undefined, positive: true });
    expect(intentOf(NOTHING, undefined, TARGETS, PLAIN).object).toBe(3);
  });

  it('adds to the active object, whatever lies under it', () => {
    expect(intentOf(select(NOTHING, TABLE), CHAIR, TARGETS, PLAIN)).toEqual({ ...TABLE, positive: true });
  });

  it('starts a part of the object that was entered, and adds to the active part', () => {
    expect(intentOf(enter(1), undefined, TARGETS, PLAIN)).toEqual({ object: 1, part: 2, positive: true });
    expect(intentOf(select(enter(1), SEAT), TABLE, TARGETS, PLAIN)).toEqual({ ...SEAT, positive: true });
  });

  it('cuts a part of the object under the pointer at the part level', () => {
    expect(intentOf({ ...NOTHING, level: 'part' }, TABLE, TARGETS, PLAIN)).toEqual({
      object: 2,
      part: 1,
      positive: true,
    });
    expect(() => intentOf({ ...NOTHING, level: 'part' }, undefined, TARGETS, PLAIN)).toThrow(Unclear);
  });
});

describe('a click with a modifier', () => {
  it('says not this to the active target', () => {
    expect(intentOf(select(NOTHING, TABLE), undefined, TARGETS, SHIFT)).toEqual({ ...TABLE, positive: false });
    expect(intentOf(select(enter(1), SEAT), SEAT, TARGETS, SHIFT)).toEqual({ ...SEAT, positive: false });
  });

  it('corrects the part under the pointer where none is active', () => {
    expect(intentOf(enter(1), SEAT, TARGETS, SHIFT)).toEqual({ ...SEAT, positive: false });
    expect(() => intentOf(enter(1), TABLE, TARGETS, SHIFT)).toThrow(Unclear);
    expect(() => intentOf(NOTHING, undefined, TARGETS, SHIFT)).toThrow(Unclear);
  });

  it('means the background with Ctrl or Cmd', () => {
    expect(intentOf(enter(1), SEAT, TARGETS, { shift: false, mod: true })).toEqual({
      object: 0,
      part: undefined,
      positive: true,
    });
  });
});

describe('leaving', () => {
  it('goes out one step at a time', () => {
    const inside = select(enter(1), SEAT);
    expect(leave(inside)).toEqual(enter(1));
    expect(leave(enter(1))).toEqual({ ...NOTHING, object: 1 });
    expect(leave(leave(enter(1)))).toEqual(NOTHING);
  });

  it('lets go of targets that an undo took away', () => {
    const inside = select(enter(1), SEAT);
    expect(kept(inside, TARGETS)).toBe(inside);
    expect(kept(inside, [CHAIR])).toEqual(enter(1));
    expect(kept(inside, [TABLE])).toEqual(NOTHING);
  });
});
