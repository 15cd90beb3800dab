import { signal } from '@preact/signals';
import type { Viewer } from '../viewer/viewer';
import './gizmo.css';

interface Axis {
  name: string;
  colour: string;
  direction: readonly [number, number, number];
  /** Where the camera looks to when the axis is pressed. */
  yaw: number;
  pitch: number;
}

const AXES: readonly Axis[] = [
  { name: 'X', colour: '#e5566d', direction: [1, 0, 0], yaw: Math.PI / 2, pitch: 0 },
  { name: 'Y', colour: '#3fa66b', direction: [0, 1, 0], yaw: Math.PI, pitch: 0 },
  { name: 'Z', colour: '#4d8ff0', direction: [0, 0, 1], yaw: 0, pitch: -Math.PI / 2 + 0.05 },
];

/** The camera's turn, written at every frame. */
export const turn = signal<readonly number[]>([1, 0, 0, 0, 1, 0, 0, 0, 1]);

/** The axes of the scene; a press on one looks along it. */
export function Gizmo({ viewer }: { viewer: Viewer }) {
  const m = turn.value;
  const placed = AXES.map(axis => {
    const [x, y, z] = axis.direction;
    return {
      axis,
      x: m[0] * x + m[3] * y + m[6] * z,
      y: -(m[1] * x + m[4] * y + m[7] * z),
      depth: m[2] * x + m[5] * y + m[8] * z,
    };
  }).sort((a, b) => a.depth - b.depth);
  return (
    <svg class="gizmo" viewBox="-38 -38 76 76" role="group" aria-label="Axes of the scene">
      {placed.map(({ axis, x, y }) => (
        <g
          key={axis.name}
          role="button"
          tabIndex={-1}
          aria-label={`Look along ${axis.name}`}
          onClick={() => viewer.lookAlong(axis.yaw, axis.pitch)}
        >
          <line x2={x * 26} y2={y * 26} stroke={axis.colour} stroke-width="2" />
          <circle cx={x * 26} cy={y * 26} r="8" fill={axis.colour} />
          <text x={x * 26} y={y * 26}>
            {axis.name}
          </text>
        </g>
      ))}
    </svg>
  );
}
