import { UNIT } from './spatial-index';

/** How points are drawn at a moment: what picking on the CPU needs to find what the eye sees. */
export interface View {
  /** Column-major 4 x 4: from the scene to the camera, which looks along its -z. */
  toCamera: ArrayLike<number>;
  /** Pixels a unit of length at depth 1; equal along both axes. */
  focal: number;
  /** Size of the picture in CSS pixels. */
  width: number;
  height: number;
  /** Diameter of a point of size 1 in the scene, and the pixels it is held between. */
  pointSize: number;
  minPixels: number;
  maxPixels: number;
}

/** Diameter in pixels of a point at `depth` with a size in sixteenths. */
export function pointPixels(view: View, depth: number, size: number): number {
  return Math.min(view.maxPixels, Math.max(view.minPixels, (view.pointSize * (size / UNIT) * view.focal) / depth));
}

/** Where a point lies in the picture; `depth` is negative behind the camera. */
export function project(view: View, x: number, y: number, z: number): { x: number; y: number; depth: number } {
  const m = view.toCamera;
  const depth = -(m[2] * x + m[6] * y + m[10] * z + m[14]);
  const scale = view.focal / depth;
  return {
    x: view.width / 2 + scale * (m[0] * x + m[4] * y + m[8] * z + m[12]),
    y: view.height / 2 - scale * (m[1] * x + m[5] * y + m[9] * z + m[13]),
    depth,
  };
}
