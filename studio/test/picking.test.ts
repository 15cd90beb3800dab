import { describe, expect, it } from 'vitest';
import { visitCone } from '../src/picking/cone';
import { pick } from '../src/picking/pick';
import { visibleInCircle, visibleInOutline } from '../src/picking/region';
import { buildSpatialIndex } from '../src/picking/spatial-index';
import { pointPixels, project, type View } from '../src/picking/view';

/** Mulberry32: a small seeded generator. */
function randomiser(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** A camera at (0, 0, 5) that looks down -z. */
const VIEW: View = {
  toCamera: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, -5, 1],
  focal: 700,
  width: 800,
  height: 600,
  pointSize: 0.03,
  minPixels: 1.5,
  maxPixels: 48,
};

function cloud(points: number, seed: number, outlier = 0): Float32Array {
  const random = randomiser(seed);
  const positions = new Float32Array(3 * points).map(() => 4 * random() - 2);
  if (outlier) positions.set([outlier, outlier, -outlier], 0);
  return positions;
}

function bruteForce(positions: Float32Array, sizes: Uint8Array, x: number, y: number): number | undefined {
  let best: { row: number; depth: number } | undefined;
  for (let row = 0; row < positions.length / 3; row++) {
    const at = project(VIEW, positions[3 * row], positions[3 * row + 1], positions[3 * row + 2]);
    if (!(at.depth > 1e-4) || Math.hypot(at.x - x, at.y - y) > pointPixels(VIEW, at.depth, sizes[row]) / 2) continue;
    if (!best || at.depth < best.depth) best = { row, depth: at.depth };
  }
  return best?.row;
}

describe('pick', () => {
  it.each([1, 63, 65, 20_000])('finds what a search of all %d points finds', points => {
    const positions = cloud(points, points, points > 100 ? 500 : 0);
    const index = buildSpatialIndex(positions);
    const random = randomiser(7);
    let covered = 0;
    for (let k = 0; k < 300; k++) {
      const [x, y] = [random() * 800, random() * 600];
      const expected = bruteForce(positions, index.sizes, x, y);
      if (expected === undefined) continue;
      covered++;
      expect(pick(index, positions, VIEW, x, y, () => true)?.row).toBe(expected);
    }
    if (points > 1000) expect(covered).toBeGreaterThan(100);
  });

  it('leaves out points without coordinates and points that are not shown', () => {
    const positions = new Float32Array([0, 0, 1, Number.NaN, 0, 2, 0, 0, 0, 0, 0, -1]);
    const index = buildSpatialIndex(positions);
    expect([...index.order].sort()).toEqual([0, 2, 3]);
    expect(pick(index, positions, VIEW, 400, 300, row => row !== 0)?.row).toBe(2);
  });

  it('takes the nearest point when the pixel is just beside it', () => {
    const positions = new Float32Array([0, 0, 0]);
    const index = buildSpatialIndex(positions);
    const half = pointPixels(VIEW, 5, index.sizes[0]) / 2;
    expect(pick(index, positions, VIEW, 400 + half + 5, 300, () => true)?.row).toBe(0);
    expect(pick(index, positions, VIEW, 400 + half + 7, 300, () => true)).toBeUndefined();
  });

  it.each([1, -1])('looks at little of what lies behind the point in front, from side %d', side => {
    const view = { ...VIEW, toCamera: [side, 0, 0, 0, 0, 1, 0, 0, 0, 0, side, 0, 0, 0, -5, 1] };
    const plate = Array.from({ length: 41 * 41 }, (_, k) => [0.01 * (k % 41) - 0.2, 0.01 * Math.floor(k / 41) - 0.2]);
    const plates = Array.from({ length: 40 }, (_, k) => plate.flatMap(([x, y]) => [x, y, 0.1 * k - 2])).flat();
    const positions = new Float32Array(plates);
    const index = buildSpatialIndex(positions);
    const visited = (bound: boolean) => {
      let count = 0;
      visitCone(index, positions, view, 400, 300, 6, (_row, _distance, depth) => {
        count++;
        return bound ? depth : undefined;
      });
      return count;
    };
    expect(visited(true)).toBeLessThan(visited(false) / 5);
  });

  it('answers for a cloud without a finite point', () => {
    const positions = new Float32Array([Number.NaN, 0, 0]);
    expect(pick(buildSpatialIndex(positions), positions, VIEW, 1, 1, () => true)).toBeUndefined();
  });
});

describe('regions', () => {
  /** Two walls of points, one behind the other. */
  const walls = (() => {
    const rows: number[] = [];
    for (const z of [0, -1])
      for (let u = -20; u <= 20; u++) for (let v = -20; v <= 20; v++) rows.push(u * 0.02, v * 0.02, z);
    return new Float32Array(rows);
  })();
  const index = buildSpatialIndex(walls);

  it('selects the wall in front and not the one behind it', () => {
    const rows = visibleInCircle(index, walls, VIEW, { x: 400, y: 300 }, 30, () => true);
    expect(rows.length).toBeGreaterThan(200);
    for (const row of rows) {
      const at = project(VIEW, walls[3 * row], walls[3 * row + 1], walls[3 * row + 2]);
      expect(walls[3 * row + 2]).toBe(0);
      expect(Math.hypot(at.x - 400, at.y - 300)).toBeLessThanOrEqual(30);
    }
  });

  it('selects the wall behind once the front is hidden', () => {
    const rows = visibleInCircle(index, walls, VIEW, { x: 400, y: 300 }, 30, row => walls[3 * row + 2] < 0);
    expect(rows.length).toBeGreaterThan(100);
    expect(rows.every(row => walls[3 * row + 2] === -1)).toBe(true);
  });

  it('selects within an outline that is not convex', () => {
    const outline = [
      { x: 360, y: 260 },
      { x: 440, y: 260 },
      { x: 440, y: 340 },
      { x: 400, y: 280 },
      { x: 360, y: 340 },
    ];
    const rows = visibleInOutline(index, walls, VIEW, outline, () => true);
    const places = rows.map(row => project(VIEW, walls[3 * row], walls[3 * row + 1], walls[3 * row + 2]));
    expect(rows.length).toBeGreaterThan(50);
    expect(places.some(at => Math.hypot(at.x - 400, at.y - 320) < 8)).toBe(false);
  });
});
