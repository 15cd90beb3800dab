import { BRANCH, LEAF, type SpatialIndex } from './spatial-index';
import { pointPixels, type View } from './view';

/** Called for a point in the cone; a returned depth bounds the search: nothing behind it is wanted any more. */
export type Visit = (row: number, distance: number, depth: number, x: number, y: number) => number | undefined;

const NEAREST_DEPTH = 1e-4;
/** No point is larger than this. */
const MAX_SIZE = 3;

/**
 * Visit every point whose disc in the picture comes within `radius` pixels of (x, y), roughly from front to back, so
 * that a bound is found early. `distance` is from the centre of the disc, in pixels.
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
  const rayLength = length(rayX, rayY, 1);
  let farthest = Number.MAX_VALUE;

  /** How near the points of a node may be; infinitely far where none lies in the cone. */
  const nearest = (node: number): number => {
    const b = 6 * node;
    const cx = (boxes[b] + boxes[b + 3]) / 2;
    const cy = (boxes[b + 1] + boxes[b + 4]) / 2;
    const cz = (boxes[b + 2] + boxes[b + 5]) / 2;
    const reach = length(boxes[b + 3] - cx, boxes[b + 4] - cy, boxes[b + 5] - cz);
    const vx = m[0] * cx + m[4] * cy + m[8] * cz + m[12];
    const vy = m[1] * cx + m[5] * cy + m[9] * cz + m[13];
    const depth = -(m[2] * cx + m[6] * cy + m[10] * cz + m[14]);
    if (depth + reach < NEAREST_DEPTH) return Number.POSITIVE_INFINITY;
    const along = (vx * rayX + vy * rayY + depth) / rayLength;
    const away = Math.sqrt(Math.max(0, vx * vx + vy * vy + depth * depth - along * along));
    const back = depth + reach;
    const disc = Math.min(
      Math.max((MAX_SIZE * view.pointSize) / 2, (view.minPixels / 2 / focal) * back),
      (view.maxPixels / 2 / focal) * back,
    );
    return away <= reach + disc + (radius / focal) * back ? depth - reach : Number.POSITIVE_INFINITY;
  };

  // The nearest node lies on top: what is found in it spares those behind it.
  const nodes = [levels[levels.length - 1] - 1];
  const depths = [nearest(nodes[0])];
  while (nodes.length > 0) {
    const node = nodes.pop()!;
    if (depths.pop()! > farthest) continue;
    let level = 0;
    while (node >= levels[level + 1]) level++;
    const place = node - levels[level];
    if (level > 0) {
      const bottom = nodes.length;
      const last = Math.min(levels[level - 1] + (place + 1) * BRANCH, levels[level]);
      for (let child = levels[level - 1] + place * BRANCH; child < last; child++) {
        const depth = nearest(child);
        if (depth > farthest) continue;
        let at = nodes.length;
        for (; at > bottom && depths[at - 1] < depth; at--) {
          nodes[at] = nodes[at - 1];
          depths[at] = depths[at - 1];
        }
        nodes[at] = child;
        depths[at] = depth;
      }
      continue;
    }
    const end = Math.min((place + 1) * LEAF, order.length);
    for (let k = place * LEAF; k < end; k++) {
      const row = order[k];
      const px = positions[3 * row];
      const py = positions[3 * row + 1];
      const pz = positions[3 * row + 2];
      const depth = -(m[2] * px + m[6] * py + m[10] * pz + m[14]);
      if (depth < NEAREST_DEPTH || depth > farthest) continue;
      const sx = centreX + (focal / depth) * (m[0] * px + m[4] * py + m[8] * pz + m[12]);
      const sy = centreY - (focal / depth) * (m[1] * px + m[5] * py + m[9] * pz + m[13]);
      const distance = length(sx - x, sy - y, 0);
      if (distance > radius + pointPixels(view, depth, sizes[row]) / 2) continue;
      const bound = visit(row, distance, depth, sx, sy);
      if (bound !== undefined) farthest = bound;
    }
  }
}

/** Of a vector; `Math.hypot` takes longer, since it guards against overflow. */
function length(x: number, y: number, z: number): number {
  return Math.sqrt(x * x + y * y + z * z);
}
