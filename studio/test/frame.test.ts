import { deflateSync, inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { decodeFrame, packed } from '../src/api/frame';

/** A frame as docs/server.md describes it, written independently of the code that reads it. */
function frame(
  header: object,
  parts: { name: string; dtype: string; bytes: Uint8Array; zlib?: boolean }[],
): ArrayBuffer {
  const bodies = parts.map(part => (part.zlib ? new Uint8Array(deflateSync(part.bytes)) : part.bytes));
  let offset = 0;
  const arrays = parts.map((part, k) => {
    const entry = {
      name: part.name,
      dtype: part.dtype,
      shape: [0],
      offset,
      bytes: bodies[k].length,
      encoding: part.zlib ? 'zlib' : 'raw',
    };
    offset += Math.ceil(bodies[k].length / 8) * 8;
    return entry;
  });
  let text = JSON.stringify({ ...header, arrays });
  text = text.padEnd(
    Math.ceil((new TextEncoder().encode(text).length + 4) / 8) * 8 -
      4 -
      (new TextEncoder().encode(text).length - text.length),
  );
  const head = new TextEncoder().encode(text);
  const whole = new Uint8Array(4 + head.length + offset);
  new DataView(whole.buffer).setUint32(0, head.length, true);
  whole.set(head, 4);
  for (const [k, { offset: at }] of arrays.entries()) whole.set(bodies[k], 4 + head.length + at);
  return whole.buffer;
}

describe('decodeFrame', () => {
  it('reads raw and deflated arrays of every type, and names outside ASCII', async () => {
    const xyz = new Float32Array([1.5, -2, Number.NaN]);
    const labels = new Uint16Array([0, 1, 65535]);
    const buffer = frame({ name: 'Stühle' }, [
      { name: 'odd', dtype: 'u1', bytes: new Uint8Array([7, 8, 9]) },
      { name: 'xyz', dtype: 'f4', bytes: new Uint8Array(xyz.buffer) },
      { name: 'labels', dtype: 'u2', bytes: new Uint8Array(labels.buffer), zlib: true },
      { name: 'normal', dtype: 'i1', bytes: new Uint8Array([127, 129]), zlib: true },
      { name: 'rows', dtype: 'u4', bytes: new Uint8Array(0) },
    ]);
    const { header, arrays } = await decodeFrame<{ name: string; arrays: [] }>(buffer);
    expect(header.name).toBe('Stühle');
    expect([...arrays.odd]).toEqual([7, 8, 9]);
    expect(arrays.xyz).toEqual(xyz);
    expect([...arrays.labels]).toEqual([...labels]);
    expect([...arrays.normal]).toEqual([127, -127]);
    expect(arrays.rows).toHaveLength(0);
  });

  it('refuses a frame that was cut short', async () => {
    const whole = frame({}, [{ name: 'a', dtype: 'u2', bytes: new Uint8Array(64) }]);
    for (const length of [0, 3, 20, whole.byteLength - 1]) {
      await expect(decodeFrame(whole.slice(0, length))).rejects.toThrow();
    }
  });
});

describe('packed', () => {
  it('is what zlib and base64 open', async () => {
    const bytes = Uint8Array.from({ length: 100_000 }, (_, k) => (k * 7919) >> 3);
    expect(new Uint8Array(inflateSync(Buffer.from(await packed(bytes), 'base64')))).toEqual(bytes);
  });
});
