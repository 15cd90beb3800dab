/** Sets of points as one bit a point, the lowest bit of the first byte first. */

/** Rows of the set bits, ascending; row r is bit r & 7 of byte r >> 3. */
export function rowsOfBits(bits: Uint8Array): Uint32Array {
  const words = wordsOf(bits);
  let count = 0;
  for (let at = 0; at < words.length; at++) if (words[at] !== 0) count += ones(words[at]);
  const rows = new Uint32Array(count);
  let next = 0;
  for (let at = 0; at < words.length; at++)
    for (let word = words[at]; word !== 0; word &= word - 1) rows[next++] = 32 * at + 31 - Math.clz32(word & -word);
  return rows;
}

/** The same bits, 32 to a number: a quarter of the steps, and of the loops whose ends a processor cannot foresee. */
function wordsOf(bits: Uint8Array): Uint32Array {
  const words = new Uint32Array((bits.length + 3) >> 2);
  new Uint8Array(words.buffer).set(bits);
  return words;
}

/** How many bits of a word are set, counted side by side in fields of 2, 4 and 8 bits. */
function ones(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const nibbles = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((nibbles + (nibbles >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/**
 * Write `values` to the rows of the set bits, in ascending order, and nothing to rows that `into` lacks; gives the first
 * row written and the one after the last. One pass without a list of rows: a click changes hundreds of thousands.
 */
export function scatter(bits: Uint8Array, values: Uint16Array, into: Uint16Array): [number, number] {
  const words = wordsOf(bits);
  let [first, next] = [-1, 0];
  let last = -1;
  for (let at = 0; at < words.length; at++) {
    for (let word = words[at]; word !== 0; word &= word - 1) {
      last = 32 * at + 31 - Math.clz32(word & -word);
      if (first < 0) first = last;
      into[last] = values[next++];
    }
  }
  return [Math.max(first, 0), Math.min(last + 1, into.length)];
}

/** One bit a row, as many bytes as the highest row needs. */
export function bitsOfRows(rows: Uint32Array): Uint8Array<ArrayBuffer> {
  const highest = rows.reduce((most, row) => Math.max(most, row), 0);
  const bits = new Uint8Array((highest >> 3) + 1);
  for (const row of rows) bits[row >> 3] |= 1 << (row & 7);
  return bits;
}
