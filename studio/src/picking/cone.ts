import { BRANCH, LEAF, type SpatialIndex } from './spatial-index';
import { pointPixels, type View } from './view';

/** Called for a point in the cone; a returned depth bounds the search: nothing behind it is wanted any more. */
export type Visit = (row: number, distance: number, depth: number, x: number, y: number) => number | undefined;

const NEAREST_DEPTH = 1e-4;
/** No point is larger than this. */
const MAX_SIZE = 3;

/**
 * Visit every point whose disc in the picture comes within `radius` pixels of (x, y), in no particular order.
 * `distance` is from the centre of the disc, in pixels.
 */
export function visitCone(
  index: SpatialIndex,
  positions: Float32Array,
  view: View,
  x: number,
  y: number,
  radius: number,
  visit: Visit,
): void {
  const { order, boxes, levels, sizes } = index;
  const m = view.toCamera;
  const { focal } = view;
  const [centreX, centreY] = [view.width / 2, view.height / 2];
  // The ray through the pixel, in camera coordinates at depth 1.
  const [rayX, rayY] = [(x - centreX) / focal, (centreY - y) / focal];
  const rayLength = Math.hypot(rayX, rayY, 1);
  let farthest = Number.POSITIVE_INFINITY;

  const mayHold = (node: number): boolean => {
    const b = 6 * node;
    const [cx, cy, cz] = [
      (boxes[b] + boxes[b + 3]) / 2,
      (boxes[b + 1] + boxes[b + 4]) / 2,
      (boxes[b + 2] + boxes[b + 5]) / 2,
    ];
    const reach = Math.hypot(boxes[b + 3] - cx, boxes[b + 4] - cy, boxes[b + 5] - cz);
    const vx = m[0] * cx + m[4] * cy + m[8] * cz + m[12];
    const vy = m[1] * cx + m[5] * cy + m[9] * cz + m[13];
    const depth = -(m[2] * cx + m[6] * cy + m[10] * cz + m[14]);
    if (depth + reach < NEAREST_DEPTH || depth - reach > farthest) return false;
    const along = (vx * rayX + vy * rayY + depth) / rayLength;
    const away = Math.sqrt(Math.max(0, vx * vx + vy * vy + depth * depth - along * along));
    const back = depth + reach;
    const disc = Math.min(
      Math.max((MAX_SIZE * view.pointSize) / 2, (view.minPixels / 2 / focal) * back),
      (view.maxPixels / 2 / focal) * back,
    );
    return away <= reach + disc + (radius / focal) * back;
  };

  const stack: number[] = [levels.length - 2, 0];
  while (stack.length > 0) {
    const place = stack.pop()!;
    const level = stack.pop()!;
    if (!mayHold(levels[level] + place)) continue;
    if (level > 0) {
      const last = Math.min((place + 1) * BRANCH, levels[level] - levels[level - 1]);
      for (let child = place * BRANCH; child < last; child++) stack.push(level - 1, child);
      continue;
    }
    const end = Math.min((place + 1) * LEAF, order.length);
    for (let k = place * LEAF; k < end; k++) {
      const row = order[k];
      const [px, py, pz] = [positions[3 * row], positions[3 * row + 1], positions[3 * row + 2]];
      const depth = -(m[2] * px + m[6] * py + m[10] * pz + m[14]);
      if (depth < NEAREST_DEPTH || depth > farthest) continue;
      const sx = centreX + (focal / depth) * (m[0] * px + m[4] * py + m[8] * pz + m[12]);
      const sy = centreY - (focal / depth) * (m[1] * px + m[5] * py + m[9] * pz + m[13]);
      const distance = Math.hypot(sx - x, sy - y);
      if (distance > radius + pointPixels(view, depth, sizes[row]) / 2) continue;
      const bound = visit(row, distance, depth, sx, sy);
      if (bound !== undefined) farthest = bound;
    }
  }
}
