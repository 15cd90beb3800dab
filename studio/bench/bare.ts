/** The least that three.js does for the same points: one PointsMaterial, nothing else. */
import {
  BufferAttribute,
  BufferGeometry,
  PerspectiveCamera,
  Points,
  PointsMaterial,
  Scene,
  WebGLRenderer,
} from 'three';
import { CENTRE, EYE_DISTANCE, madeUpScan, timeOrbit } from './points';

const canvas = document.querySelector('canvas')!;
const renderer = new WebGLRenderer({ canvas, antialias: false });
renderer.setSize(window.innerWidth, window.innerHeight, false);
const camera = new PerspectiveCamera(50, window.innerWidth / window.innerHeight, 0.1, 100);
camera.up.set(0, 0, 1);
const scene = new Scene();

/** `diameter` is the diameter of a point in the scene; PointsMaterial leaves the field of view out of it. */
function load(count: number, diameter: number): number {
  const { positions, colours } = madeUpScan(count);
  const started = performance.now();
  scene.clear();
  const geometry = new BufferGeometry();
  geometry.setAttribute('position', new BufferAttribute(positions, 3));
  geometry.setAttribute('color', new BufferAttribute(colours, 3, true));
  scene.add(
    new Points(
      geometry,
      new PointsMaterial({
        size: diameter / Math.tan((25 * Math.PI) / 180),
        vertexColors: true,
        sizeAttenuation: true,
      }),
    ),
  );
  orbit(1);
  return performance.now() - started;
}

function orbit(frames: number): number[] {
  return timeOrbit(canvas, frames, angle => {
    camera.position.set(CENTRE[0] + EYE_DISTANCE * Math.sin(angle), CENTRE[1] - EYE_DISTANCE * Math.cos(angle), 5.5);
    camera.lookAt(...CENTRE);
    renderer.render(scene, camera);
  });
}

Object.assign(window, { bench: { load, orbit } });
