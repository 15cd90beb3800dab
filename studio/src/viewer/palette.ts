import { DataTexture, NearestFilter, RGBAIntegerFormat, UnsignedByteType } from 'three';

/** What the fourth byte of a palette entry says about its label. */
export const HIDDEN = 1;
export const GHOST = 2;
export const ACTIVE = 4;

export interface PaletteEntry {
  colour: readonly [number, number, number];
  flags: number;
}

const SIDE = 256;

/** Colour and visibility of every label, as a texture the points look their label up in: changing one is one write. */
export class Palette {
  readonly texture: DataTexture;
  private readonly bytes = new Uint8Array(4 * SIDE * SIDE);
  /** Entries that were set last are below this. */
  private end = 0;

  constructor() {
    this.texture = new DataTexture(this.bytes, SIDE, SIDE, RGBAIntegerFormat, UnsignedByteType);
    this.texture.internalFormat = 'RGBA8UI';
    this.texture.minFilter = NearestFilter;
    this.texture.magFilter = NearestFilter;
    this.texture.needsUpdate = true;
  }

  /** Whether that changes anything, and so what is drawn. */
  set(entries: ReadonlyMap<number, PaletteEntry>): boolean {
    const end = Math.max(this.end, 1 + Math.max(-1, ...entries.keys()));
    const before = new Uint32Array(this.bytes.slice(0, 4 * end).buffer);
    this.end = end;
    this.bytes.fill(0, 0, 4 * end);
    for (const [label, { colour, flags }] of entries) {
      this.bytes.set(colour, 4 * label);
      this.bytes[4 * label + 3] = flags;
    }
    const changed = new Uint32Array(this.bytes.buffer, 0, end).some((entry, label) => entry !== before[label]);
    if (changed) this.texture.needsUpdate = true;
    return changed;
  }

  flags(label: number): number {
    return this.bytes[4 * label + 3];
  }

  dispose(): void {
    this.texture.dispose();
  }
}
