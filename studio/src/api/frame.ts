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
