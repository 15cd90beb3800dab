/** Points of a made-up scan: a rolling floor with spheres on it, uniform over the surfaces. */
export function madeUpScan(count: number): { positions: Float32Array; colours: Uint8Array; labels: Uint16Array } {
  let state = 12345;
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 4294967296;
  };
  const spheres = Array.from({ length: 40 }, () => [8 * random(), 8 * random(), 0.2 + 0.5 * random()]);
  const positions = new Float32Array(3 * count);
  const colours = new Uint8Array(3 * count);
  const labels = new Uint16Array(count);
  for (let row = 0; row < count; row++) {
    const sphere = row % 2 ? Math.floor(random() * spheres.length) : -1;
    if (sphere < 0) {
      const [x, y] = [8 * random(), 8 * random()];
      positions.set([x, y, 0.12 * Math.sin(2 * x) * Math.cos(1.6 * y)], 3 * row);
      colours.set([150, 140, 128], 3 * row);
    } else {
      const [cx, cy, radius] = spheres[sphere];
      const z = 2 * random() - 1;
      const turn = 2 * Math.PI * random();
      const level = Math.sqrt(1 - z * z) * radius;
      positions.set([cx + level * Math.cos(turn), cy + level * Math.sin(turn), radius + z * radius], 3 * row);
      colours.set([90 + 3 * sphere, 190 - 3 * sphere, 200], 3 * row);
      labels[row] = 1 + sphere;
    }
  }
  return { positions, colours, labels };
}

/** Milliseconds of `frames` frames along one turn about the scan, each waited for until its pixels are there. */
export function timeOrbit(canvas: HTMLCanvasElement, frames: number, draw: (angle: number) => void): number[] {
  const gl = canvas.getContext('webgl2')!;
  const pixel = new Uint8Array(4);
  const times: number[] = [];
  for (let frame = 0; frame < frames; frame++) {
    const started = performance.now();
    draw((2 * Math.PI * frame) / frames);
    gl.readPixels(canvas.width >> 1, canvas.height >> 1, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, pixel);
    times.push(performance.now() - started);
  }
  return times;
}

export const EYE_DISTANCE = 8;
export const CENTRE = [4, 4, 0.4] as const;
