import { describe, expect, it } from 'vitest';
import { bitsOfRows, rowsOfBits, scatter } from '../src/viewer/bits';

describe('bits', () => {
  it('gives every set row, in ascending order', () => {
    expect([...rowsOfBits(new Uint8Array([0b10000001, 0, 0b00000110]))]).toEqual([0, 7, 17, 18]);
    expect(rowsOfBits(new Uint8Array(0))).toHaveLength(0);
  });

  it('comes back from rows in any order', () => {
    const rows = new Uint32Array([99, 3, 64, 0, 7, 8]);
    expect([...rowsOfBits(bitsOfRows(rows))]).toEqual([0, 3, 7, 8, 64, 99]);
  });

  it('scatters a value to every set row, and tells the span that was written', () => {
    const into = new Uint16Array(40).fill(9);
    expect(scatter(bitsOfRows(new Uint32Array([3, 8, 31, 33])), new Uint16Array([1, 2, 3, 65535]), into)).toEqual([
      3, 34,
    ]);
    const wanted = new Uint16Array(40).fill(9);
    for (const [row, value] of [
      [3, 1],
      [8, 2],
      [31, 3],
      [33, 65535],
    ])
      wanted[row] = value;
    expect(into).toEqual(wanted);
    const part = new Uint8Array([255, 8, 1, 0, 128, 255]).subarray(1, 5); // of a frame, at any byte, of any length
    expect(scatter(part, new Uint16Array([5, 6, 7]), into)).toEqual([3, 32]);
    expect([into[3], into[8], into[31], into[33]]).toEqual([5, 6, 7, 65535]);
  });

  it('writes nothing for no bit, and nothing beyond the end', () => {
    const into = new Uint16Array(5);
    expect(scatter(new Uint8Array(1), new Uint16Array(0), into)).toEqual([0, 0]);
    expect(scatter(new Uint8Array([255]), new Uint16Array(8).fill(7), into)).toEqual([0, 5]);
    expect([...into]).toEqual([7, 7, 7, 7, 7]);
  });
});
