import { visitCone } from './cone';
import type { SpatialIndex } from './spatial-index';
import { pointPixels, type View } from './view';

export interface ScreenPoint {
  x: number;
  y: number;
}

/** A surface may rise by this many discs over the width of a disc and still count as one surface. */
const SLOPE = 2;

interface Candidate extends ScreenPoint {
  row: number;
  depth: number;
}

/** Rows seen inside a circle of the picture: those that no other shown point hides. */
export function visibleInCircle(
  index: SpatialIndex,
  positions: Float32Array,
  view: View,
  centre: ScreenPoint,
  radius: number,
  shown: (row: number) => boolean,
): number[] {
  return visible(
    index,
    positions,
    view,
    centre,
    radius,
    shown,
    p => Math.hypot(p.x - centre.x, p.y - centre.y) <= radius,
  );
}

/** Rows seen inside a closed outline of the picture. */
export function visibleInOutline(
  index: SpatialIndex,
  positions: Float32Array,
  view: View,
  outline: readonly ScreenPoint[],
  shown: (row: number) => boolean,
): number[] {
  if (outline.length < 3) return [];
  const centre = {
    x: (Math.min(...outline.map(p => p.x)) + Math.max(...outline.map(p => p.x))) / 2,
    y: (Math.min(...outline.map(p => p.y)) + Math.max(...outline.map(p => p.y))) / 2,
  };
  const radius = Math.max(...outline.map(p => Math.hypot(p.x - centre.x, p.y - centre.y)));
  return visible(index, positions, view, centre, radius, shown, p => insideOutline(outline, p));
}

/** Even-odd rule. */
export function insideOutline(outline: readonly ScreenPoint[], point: ScreenPoint): boolean {
  let inside = false;
  for (let i = 0, j = outline.length - 1; i < outline.length; j = i++) {
    const [a, b] = [outline[i], outline[j]];
    if (a.y > point.y !== b.y > point.y && point.x < ((b.x - a.x) * (point.y - a.y)) / (b.y - a.y) + a.x)
      inside = !inside;
  }
  return inside;
}

/**
 * Draw the discs of all points around the region into a depth buffer of one cell a pixel, then keep the points that
 * stand at most two discs behind what is in front at their own centre.
 */
function visible(
  index: SpatialIndex,
  positions: Float32Array,
  view: View,
  centre: ScreenPoint,
  radius: number,
  shown: (row: number) => boolean,
  inside: (point: ScreenPoint) => boolean,
): number[] {
  const side = 2 * Math.ceil(radius) + 1;
  const [left, top] = [Math.floor(centre.x) - Math.ceil(radius), Math.floor(centre.y) - Math.ceil(radius)];
  const front = new Float32Array(side * side).fill(Number.POSITIVE_INFINITY);
  const candidates: Candidate[] = [];
  visitCone(index, positions, view, centre.x, centre.y, radius, (row, _distance, depth, x, y) => {
    if (!shown(row)) return undefined;
    const half = pointPixels(view, depth, index.sizes[row]) / 2;
    for (let v = Math.max(0, Math.ceil(y - half - top)); v <= Math.min(side - 1, Math.floor(y + half - top)); v++) {
      for (let u = Math.max(0, Math.ceil(x - half - left)); u <= Math.min(side - 1, Math.floor(x + half - left)); u++) {
        if (depth < front[v * side + u]) front[v * side + u] = depth;
      }
    }
    if (inside({ x, y })) candidates.push({ row, depth, x, y });
    return undefined;
  });
  return candidates
    .filter(({ row, x, y, depth }) => {
      const [u, v] = [Math.round(x) - left, Math.round(y) - top];
      const nearest = u >= 0 && v >= 0 && u < side && v < side ? front[v * side + u] : Number.POSITIVE_INFINITY;
      const disc = (pointPixels(view, depth, index.sizes[row]) * depth) / view.focal;
      return depth <= nearest + SLOPE * disc;
    })
    .map(candidate => candidate.row);
}
