import { visitCone } from './cone';
import type { SpatialIndex } from './spatial-index';
import { pointPixels, type View } from './view';

export interface Picked {
  row: number;
  depth: number;
}

/** How far beside a point, in pixels, still means that point where no point covers the pixel. */
const NEAR_MISS = 6;

/**
 * The point that is seen at a pixel: of those whose disc covers it the one in front, or else the one nearest in the
 * picture within a few pixels. `shown` tells which rows take part.
 */
export function pick(
  index: SpatialIndex,
  positions: Float32Array,
  view: View,
  x: number,
  y: number,
  shown: (row: number) => boolean,
): Picked | undefined {
  let seen: Picked | undefined;
  let beside: (Picked & { gap: number }) | undefined;
  visitCone(index, positions, view, x, y, NEAR_MISS, (row, distance, depth) => {
    const gap = distance - pointPixels(view, depth, index.sizes[row]) / 2;
    if (gap <= 0) {
      if ((!seen || depth < seen.depth) && shown(row)) seen = { row, depth };
    } else if (!seen && (!beside || gap < beside.gap) && shown(row)) {
      beside = { row, depth, gap };
    }
    return seen?.depth;
  });
  return seen ?? beside;
}
