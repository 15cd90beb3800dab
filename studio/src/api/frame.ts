/** Binary frames: a JSON header that says where the arrays lie, then the arrays; little endian, as docs/server.md says. */
import type { components } from './schema';

type Described = components['schemas']['Array'];
type Values = Uint8Array | Int8Array | Uint16Array | Uint32Array | Float32Array;

export interface Frame<H> {
  header: H;
  arrays: Record<string, Values>;
}

const TYPES = { u1: Uint8Array, i1: Int8Array, u2: Uint16Array, u4: Uint32Array, f4: Float32Array } as const;

/**
 * Header and arrays of a frame.
 *
 * @throws {RangeError | SyntaxError | TypeError} it is no frame, or cut short
 */
export async function decodeFrame<H extends { arrays: Described[] }>(buffer: ArrayBuffer): Promise<Frame<H>> {
  const length = new DataView(buffer).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length))) as H;
  const body = 4 + length;
  const arrays = await Promise.all(
    header.arrays.map(async ({ name, dtype, offset, bytes, encoding }): Promise<[string, Values]> => {
      const packed = new Uint8Array(buffer, body + offset, bytes);
      const raw = encoding === 'zlib' ? await inflate(packed) : packed;
      return [name, new TYPES[dtype](raw.buffer, raw.byteOffset, raw.byteLength / TYPES[dtype].BYTES_PER_ELEMENT)];
    }),
  );
  return { header, arrays: Object.fromEntries(arrays) };
}

/** Rows of the set bits, ascending; row r is bit r & 7 of byte r >> 3. */
export function rowsOfBits(bits: Uint8Array): Uint32Array {
  const words = new Uint32Array((bits.length + 3) >> 2);
  new Uint8Array(words.buffer).set(bits);
  let count = 0;
  for (let at = 0; at < words.length; at++) if (words[at] !== 0) count += ones(words[at]);
  const rows = new Uint32Array(count);
  let next = 0;
  for (let at = 0; at < words.length; at++)
    for (let word = words[at]; word !== 0; word &= word - 1) rows[next++] = 32 * at + 31 - Math.clz32(word & -word);
  return rows;
}

/** How many bits of a word are set, counted side by side in fields of 2, 4 and 8 bits. */
function ones(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const nibbles = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((nibbles + (nibbles >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** One bit a row, as many bytes as the highest row needs. */
export function bitsOfRows(rows: Uint32Array): Uint8Array<ArrayBuffer> {
  const highest = rows.reduce((most, row) => Math.max(most, row), 0);
  const bits = new Uint8Array((highest >> 3) + 1);
  for (const row of rows) bits[row >> 3] |= 1 << (row & 7);
  return bits;
}

/** Bytes deflated and in base64, as they travel inside JSON. */
export async function packed(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const small = await through(bytes, new CompressionStream('deflate'));
  let text = '';
  for (let at = 0; at < small.length; at += 0x8000) text += String.fromCharCode(...small.subarray(at, at + 0x8000));
  return btoa(text);
}

function inflate(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  return through(bytes, new DecompressionStream('deflate'));
}

async function through(
  bytes: Uint8Array<ArrayBuffer>,
  stream: CompressionStream | DecompressionStream,
): Promise<Uint8Array<ArrayBuffer>> {
  // Written by hand: a Blob would take the bytes through another process.
  const writer = stream.writable.getWriter();
  const written = writer.write(bytes).then(() => writer.close());
  const [all] = await Promise.all([new Response(stream.readable).arrayBuffer(), written]);
  return new Uint8Array(all);
}
