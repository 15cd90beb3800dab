/** The studio's viewer with the same points, and what it does with them. */
import type { SpatialIndex } from '../src/picking/spatial-index';
import { pointPixels, project } from '../src/picking/view';
import { bitsOfRows } from '../src/viewer/bits';
import { Viewer } from '../src/viewer/viewer';
import { CENTRE, EYE_DISTANCE, madeUpScan, timeOrbit } from './points';

const canvas = document.querySelector('canvas')!;
const viewer = new Viewer(canvas);
viewer.resize(window.innerWidth, window.innerHeight);
viewer.alwaysFull = true;

async function load(count: number): Promise<{ shown: number; indexed: number; stalled: number; diameter: number }> {
  const { positions, colours, labels } = madeUpScan(count);
  const started = performance.now();
  viewer.show({ positions, colours, normals: undefined, labels, confidence: new Uint8Array(count) });
  viewer.setPalette(
    new Map(Array.from({ length: 41 }, (_, k) => [k, { colour: [200, 5 * k, 255 - 5 * k], flags: 0 }])),
  );
  orbit(1);
  const shown = performance.now() - started;
  const waited = longestStall(index(positions));
  const { value, stalled } = await waited;
  viewer.setIndex(value);
  return { shown, indexed: performance.now() - started, stalled, diameter: viewer.view.pointSize };
}

/** What a promise gives, and the longest time in which the page could do nothing else while it was waited for. */
async function longestStall<T>(waited: Promise<T>): Promise<{ value: T; stalled: number }> {
  let [stalled, seen, over] = [0, performance.now(), false];
  const value = waited.finally(() => {
    over = true;
  });
  while (!over) {
    await new Promise(resolve => setTimeout(resolve));
    stalled = Math.max(stalled, performance.now() - seen);
    seen = performance.now();
  }
  return { value: await value, stalled };
}

function index(positions: Float32Array): Promise<SpatialIndex> {
  const worker = new Worker(new URL('../src/picking/index-worker.ts', import.meta.url), { type: 'module' });
  const copy = positions.slice();
  worker.postMessage(copy, [copy.buffer]);
  return new Promise(resolve => {
    worker.onmessage = event => resolve(event.data);
  });
}

function orbit(frames: number, eyeDome = false): number[] {
  viewer.setEyeDome(eyeDome);
  const pitch = -Math.atan2(5.5 - CENTRE[2], EYE_DISTANCE);
  return timeOrbit(canvas, frames, angle => {
    const position = [CENTRE[0] + EYE_DISTANCE * Math.sin(angle), CENTRE[1] - EYE_DISTANCE * Math.cos(angle), 5.5];
    viewer.rig.pose = { position: position as [number, number, number], yaw: angle, pitch };
    viewer.draw();
  });
}

/** Picks at places of a grid: how long each takes, and how many differ from a search of all points. */
function picks(side: number): { times: number[]; hits: number; wrong: number } {
  const times: number[] = [];
  const { positions } = viewer.cloud!.arrays;
  const { view } = viewer;
  let [hits, wrong] = [0, 0];
  for (let k = 0; k < side * side; k++) {
    const x = ((k % side) + 0.5) * (view.width / side);
    const y = (Math.floor(k / side) + 0.5) * (view.height / side);
    const started = performance.now();
    const found = viewer.pick(x, y);
    times.push(performance.now() - started);
    let best = { row: -1, depth: Number.POSITIVE_INFINITY };
    for (let row = 0; row < positions.length / 3; row++) {
      const at = project(view, positions[3 * row], positions[3 * row + 1], positions[3 * row + 2]);
      if (at.depth < 1e-4 || at.depth >= best.depth) continue;
      if (Math.hypot(at.x - x, at.y - y) <= pointPixels(view, at.depth, viewer.index!.sizes[row]) / 2)
        best = { row, depth: at.depth };
    }
    if (best.row < 0) continue;
    hits++;
    wrong += Number(found?.row !== best.row);
  }
  return { times, hits, wrong };
}

/**
 * Give a share of all points new labels, twice. Milliseconds until the page has written them and handed them over, and
 * until the graphics card has taken them: a frame with one point, which costs nothing else, waited for. Then how much
 * longer the frame with all points takes than the mean of those before and after, in which nothing changes.
 */
function recolour(share: number): { written: number; taken: number; frame: number } {
  const { count, points } = viewer.cloud!;
  const rows = Uint32Array.from({ length: Math.floor(count * share) }, (_, k) => Math.floor(k / share));
  const bits = bitsOfRows(rows);
  let written = 0;
  const still = () => timeOrbit(canvas, 1, () => viewer.draw())[0];
  const changed = () => {
    const labels = new Uint16Array(rows.length).fill(1 + Math.floor(40 * Math.random()));
    return timeOrbit(canvas, 1, () => {
      const started = performance.now();
      viewer.cloud!.setLabels(bits, labels);
      viewer.draw();
      written = performance.now() - started;
    })[0];
  };
  points.geometry.setDrawRange(0, 1);
  still();
  const taken = changed();
  points.geometry.setDrawRange(0, Number.POSITIVE_INFINITY);
  const before = still();
  const frame = changed() - (before + still()) / 2;
  return { written, taken, frame };
}

Object.assign(window, { bench: { load, orbit, picks, recolour } });
