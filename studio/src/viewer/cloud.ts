import {
  Box3,
  BufferAttribute,
  BufferGeometry,
  GLSL3,
  IntType,
  Points,
  RawShaderMaterial,
  Vector2,
  Vector3,
} from 'three';
import { UNIT } from '../picking/spatial-index';
import { scatter } from './bits';
import type { Palette } from './palette';
import { COLOUR_MODES, type ColourMode, pointFragment, pointVertex } from './shaders';

/** The arrays of a scene as the server sends them; a row a point, in the order of the scan. */
export interface CloudArrays {
  positions: Float32Array;
  colours: Uint8Array | undefined;
  normals: Int8Array | undefined;
  labels: Uint16Array;
  confidence: Uint8Array;
}

/** How the points are coloured: by what, and the tints of a preview and of ghosts. */
export interface Look {
  mode: ColourMode;
  accent: readonly number[];
  ghost: readonly number[];
}

/** Bits of the mark a point can carry on top of its label. */
export const PREVIEW = 1;
export const STROKE = 2;

/** Beyond every coordinate. */
const FAR = 1e30;

/** The points as one draw call; recolouring writes two bytes a point. */
export class Cloud {
  readonly points: Points<BufferGeometry, RawShaderMaterial>;
  readonly count: number;
  readonly marks: Uint8Array;
  readonly bounds = new Box3();

  constructor(
    readonly arrays: CloudArrays,
    palette: Palette,
  ) {
    this.count = arrays.labels.length;
    this.marks = new Uint8Array(this.count);
    const geometry = new BufferGeometry();
    geometry.setAttribute('position', new BufferAttribute(arrays.positions, 3));
    if (arrays.colours) geometry.setAttribute('colour', new BufferAttribute(arrays.colours, 3, true));
    if (arrays.normals) geometry.setAttribute('normal', new BufferAttribute(arrays.normals, 3, true));
    geometry.setAttribute('label', integers(arrays.labels));
    geometry.setAttribute('mark', integers(this.marks));
    geometry.setAttribute('confidence', new BufferAttribute(arrays.confidence, 1, true));
    geometry.setAttribute('size', new BufferAttribute(new Uint8Array(this.count).fill(UNIT), 1));
    this.measure();
    this.points = new Points(geometry, pointMaterial(arrays, palette, this.bounds));
    this.points.frustumCulled = false;
  }

  wear(look: Look): void {
    const { material } = this.points;
    const mode = COLOUR_MODES.indexOf(look.mode);
    material.needsUpdate = material.defines.MODE !== mode;
    material.defines.MODE = mode;
    material.uniforms.accent.value.fromArray(look.accent);
    material.uniforms.ghost.value.fromArray(look.ghost);
  }

  clip(low: Vector3, high: Vector3): void {
    this.points.material.uniforms.clipLow.value.copy(low);
    this.points.material.uniforms.clipHigh.value.copy(high);
  }

  /** Give the points whose bit is set new labels, one for each in order. */
  setLabels(changed: Uint8Array, labels: Uint16Array): void {
    this.changed('label', ...scatter(changed, labels, this.arrays.labels));
  }

  /** Give every point its label, the way an answer does: the first click finds that way compiled. */
  setAllLabels(labels: Uint16Array): void {
    this.setLabels(new Uint8Array(Math.ceil(this.count / 8)).fill(255), labels);
  }

  setConfidence(confidence: Uint8Array): void {
    this.arrays.confidence.set(confidence);
    this.points.geometry.getAttribute('confidence').needsUpdate = true;
  }

  /** Draw each point as large as it has room for. */
  setSizes(sizes: Uint8Array): void {
    this.points.geometry.setAttribute('size', new BufferAttribute(sizes, 1));
  }

  /** Set a mark on `rows`, and take it from every other point. */
  mark(bit: number, rows: ArrayLike<number>): void {
    for (let row = 0; row < this.count; row++) this.marks[row] &= ~bit;
    this.addMark(bit, rows);
    this.points.geometry.getAttribute('mark').needsUpdate = true;
  }

  /** Set a mark on `rows` beside those that have it. */
  addMark(bit: number, rows: ArrayLike<number>): void {
    for (let k = 0; k < rows.length; k++) this.marks[rows[k]] |= bit;
    let [first, end] = [this.count, 0];
    for (let k = 0; k < rows.length; k++) {
      if (rows[k] < first) first = rows[k];
      if (rows[k] >= end) end = rows[k] + 1;
    }
    this.changed('mark', first, end);
  }

  dispose(): void {
    this.points.geometry.dispose();
    this.points.material.dispose();
  }

  /** Send the changed span to the graphics card, in one write. */
  private changed(name: string, first: number, end: number): void {
    if (end <= first) return;
    const attribute = this.points.geometry.getAttribute(name) as BufferAttribute;
    attribute.addUpdateRange(first, end - first);
    attribute.needsUpdate = true;
  }

  private measure(): void {
    const { positions } = this.arrays;
    const { min, max } = this.bounds;
    for (let at = 0; at < positions.length; at += 3) {
      const [x, y, z] = [positions[at], positions[at + 1], positions[at + 2]];
      if (!Number.isFinite(x + y + z)) continue;
      min.set(Math.min(min.x, x), Math.min(min.y, y), Math.min(min.z, z));
      max.set(Math.max(max.x, x), Math.max(max.y, y), Math.max(max.z, z));
    }
  }
}

function integers(array: Uint8Array | Uint16Array): BufferAttribute {
  const attribute = new BufferAttribute(array, 1);
  attribute.gpuType = IntType;
  return attribute;
}

function pointMaterial(arrays: CloudArrays, palette: Palette, bounds: Box3): RawShaderMaterial {
  return new RawShaderMaterial({
    glslVersion: GLSL3,
    vertexShader: pointVertex,
    fragmentShader: pointFragment,
    defines: {
      MODE: 0,
      HAS_COLOUR: Number(arrays.colours !== undefined),
      HAS_NORMAL: Number(arrays.normals !== undefined),
    },
    uniforms: {
      palette: { value: palette.texture },
      focal: { value: 1 },
      pointSize: { value: 0.01 },
      minPixels: { value: 1.5 },
      maxPixels: { value: 48 },
      heights: { value: new Vector2(bounds.min.z, Math.max(bounds.max.z, bounds.min.z + 1e-6)) },
      clipLow: { value: new Vector3().setScalar(-FAR) },
      clipHigh: { value: new Vector3().setScalar(FAR) },
      accent: { value: new Vector3(1, 1, 1) },
      ghost: { value: new Vector3(0.3, 0.3, 0.3) },
    },
  });
}
