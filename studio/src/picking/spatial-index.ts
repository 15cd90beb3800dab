/**
 * A hierarchy of boxes over points in Morton order (Morton, 1966): points that are near each other in space are near
 * each other in the order, so that runs of the order are the leaves and runs of leaves are the nodes above them.
 * Rows without finite coordinates are left out.
 */
export interface SpatialIndex {
  /** Point rows, along the Morton curve. */
  order: Uint32Array;
  /** Six numbers a node (lower corner, upper corner), leaves first, the root last. */
  boxes: Float32Array;
  /** Where each level starts in `boxes`, in nodes; one entry more than there are levels. */
  levels: Uint32Array;
  /** Typical distance between neighbouring points, in the unit of the coordinates. */
  spacing: number;
  /** For every row the distance to its neighbours, as sixteenths of `spacing`: scans are denser near the scanner. */
  sizes: Uint8Array;
}

export const LEAF = 64;
export const BRANCH = 8;
/** What a size of 1 is in `sizes`. */
export const UNIT = 16;
const AXIS_BITS = 10;
/** One point in so many is asked how far its neighbours are. */
const SAMPLED = 4;

/** Build the index over `positions` [3 N]; takes about a second for five million points, so run it in a worker. */
export function buildSpatialIndex(positions: Float32Array): SpatialIndex {
  const order = mortonOrder(positions);
  const counts = [Math.max(1, Math.ceil(order.length / LEAF))];
  while (counts[counts.length - 1] > 1) counts.push(Math.ceil(counts[counts.length - 1] / BRANCH));
  const levels = new Uint32Array(counts.length + 1);
  counts.forEach((count, level) => {
    levels[level + 1] = levels[level] + count;
  });
  const boxes = new Float32Array(6 * levels[counts.length]);
  for (let node = 0; node < boxes.length; node += 6) {
    boxes.fill(Number.POSITIVE_INFINITY, node, node + 3);
    boxes.fill(Number.NEGATIVE_INFINITY, node + 3, node + 6);
  }
  fillLeaves(positions, order, boxes);
  for (let level = 1; level < counts.length; level++) fillLevel(boxes, levels, level);
  const spacings = leafSpacings(positions, order);
  const spacing = median(spacings) || 0.01;
  return { order, boxes, levels, spacing, sizes: pointSizes(positions.length / 3, order, spacings, spacing) };
}

function fillLeaves(positions: Float32Array, order: Uint32Array, boxes: Float32Array): void {
  for (let k = 0; k < order.length; k++) {
    const node = 6 * Math.floor(k / LEAF);
    const row = 3 * order[k];
    for (let axis = 0; axis < 3; axis++) {
      const value = positions[row + axis];
      if (value < boxes[node + axis]) boxes[node + axis] = value;
      if (value > boxes[node + 3 + axis]) boxes[node + 3 + axis] = value;
    }
  }
}

function fillLevel(boxes: Float32Array, levels: Uint32Array, level: number): void {
  const below = levels[level - 1];
  for (let child = below; child < levels[level]; child++) {
    const node = 6 * (levels[level] + Math.floor((child - below) / BRANCH));
    for (let axis = 0; axis < 3; axis++) {
      boxes[node + axis] = Math.min(boxes[node + axis], boxes[6 * child + axis]);
      boxes[node + 3 + axis] = Math.max(boxes[node + 3 + axis], boxes[6 * child + 3 + axis]);
    }
  }
}

/** Rows of the finite points along the Morton curve. */
function mortonOrder(positions: Float32Array): Uint32Array {
  const total = positions.length / 3;
  const { low, scale } = quantisation(positions);
  let order = new Uint32Array(total);
  let codes = new Uint32Array(total);
  let finite = 0;
  const top = 2 ** AXIS_BITS - 1;
  for (let row = 0; row < total; row++) {
    const [x, y, z] = [positions[3 * row], positions[3 * row + 1], positions[3 * row + 2]];
    if (!Number.isFinite(x + y + z)) continue;
    const code =
      spread(clamp((x - low[0]) * scale, top)) |
      (spread(clamp((y - low[1]) * scale, top)) << 1) |
      (spread(clamp((z - low[2]) * scale, top)) << 2);
    order[finite] = row;
    codes[finite++] = code;
  }
  order = order.slice(0, finite);
  codes = codes.slice(0, finite);
  for (let shift = 0; shift < 3 * AXIS_BITS; shift += AXIS_BITS) [order, codes] = radixPass(order, codes, shift);
  return order;
}

function radixPass(order: Uint32Array<ArrayBuffer>, codes: Uint32Array<ArrayBuffer>, shift: number) {
  const starts = new Uint32Array(2 ** AXIS_BITS + 1);
  const mask = 2 ** AXIS_BITS - 1;
  for (let k = 0; k < codes.length; k++) starts[((codes[k] >>> shift) & mask) + 1]++;
  for (let bucket = 0; bucket < mask; bucket++) starts[bucket + 1] += starts[bucket];
  const sorted = new Uint32Array(order.length);
  const sortedCodes = new Uint32Array(order.length);
  for (let k = 0; k < codes.length; k++) {
    const place = starts[(codes[k] >>> shift) & mask]++;
    sorted[place] = order[k];
    sortedCodes[place] = codes[k];
  }
  return [sorted, sortedCodes] as const;
}

/** Lower corner and steps a unit of the cube that is quantised; far outliers do not coarsen it. */
function quantisation(positions: Float32Array): { low: number[]; scale: number } {
  const total = positions.length / 3;
  const stride = Math.max(1, Math.floor(total / 4096));
  const low: number[] = [];
  let extent = 0;
  for (let axis = 0; axis < 3; axis++) {
    const sample: number[] = [];
    for (let row = 0; row < total; row += stride) {
      const value = positions[3 * row + axis];
      if (Number.isFinite(value)) sample.push(value);
    }
    sample.sort((a, b) => a - b);
    const from = sample[Math.floor(0.002 * sample.length)] ?? 0;
    const to = sample[Math.ceil(0.998 * sample.length) - 1] ?? 0;
    const margin = 0.02 * (to - from);
    low.push(from - margin);
    extent = Math.max(extent, to - from + 2 * margin);
  }
  return { low, scale: extent > 0 ? 2 ** AXIS_BITS / extent : 0 };
}

/**
 * How far apart points lie, leaf by leaf: the median over some of its points of the distance to the third nearest, which
 * is the spacing of a grid and that of points thrown at random alike.
 */
function leafSpacings(positions: Float32Array, order: Uint32Array): Float32Array {
  const spacings = new Float32Array(Math.ceil(order.length / LEAF));
  const found = new Float32Array(LEAF / SAMPLED);
  for (let leaf = 0; leaf < spacings.length; leaf++) {
    const rows = order.subarray(leaf * LEAF, (leaf + 1) * LEAF);
    const asked = Math.ceil(rows.length / SAMPLED);
    for (let k = 0; k < asked; k++) found[k] = thirdNearest(positions, rows, k * SAMPLED);
    spacings[leaf] = found.subarray(0, asked).sort()[asked >> 1];
  }
  return spacings;
}

function thirdNearest(positions: Float32Array, rows: Uint32Array, asked: number): number {
  const own = 3 * rows[asked];
  let [first, second, third] = [Number.MAX_VALUE, Number.MAX_VALUE, Number.MAX_VALUE];
  for (let k = 0; k < rows.length; k++) {
    const other = 3 * rows[k];
    const dx = positions[other] - positions[own];
    const dy = positions[other + 1] - positions[own + 1];
    const dz = positions[other + 2] - positions[own + 2];
    const square = dx * dx + dy * dy + dz * dz;
    if (square >= third || k === asked) continue;
    if (square < first) [first, second, third] = [square, first, second];
    else if (square < second) [second, third] = [square, second];
    else third = square;
  }
  return third === Number.MAX_VALUE ? 0 : Math.sqrt(third);
}

function median(values: Float32Array): number {
  return values.slice().sort()[values.length >> 1];
}

/** Sixteenths of `spacing`, within a third and three times of it: a few far points do not make balloons. */
function pointSizes(total: number, order: Uint32Array, spacings: Float32Array, spacing: number): Uint8Array {
  const sizes = new Uint8Array(total).fill(UNIT);
  for (let k = 0; k < order.length; k++) {
    const size = Math.round((UNIT * spacings[Math.floor(k / LEAF)]) / spacing);
    sizes[order[k]] = Math.min(3 * UNIT, Math.max(5, size));
  }
  return sizes;
}

function clamp(value: number, top: number): number {
  return value < 0 ? 0 : value > top ? top : Math.floor(value);
}

/** Put two zero bits between the ten bits of `value`. */
function spread(value: number): number {
  let v = value;
  v = (v | (v << 16)) & 0x030000ff;
  v = (v | (v << 8)) & 0x0300f00f;
  v = (v | (v << 4)) & 0x030c30c3;
  return (v | (v << 2)) & 0x09249249;
}
