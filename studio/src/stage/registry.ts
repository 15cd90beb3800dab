import type { Viewer } from '../viewer/viewer';
import type { StageController } from './controller';

interface OnStage {
  viewer: Viewer;
  controller: StageController;
}

let current: OnStage | undefined;

/** Say which viewer is on the stage; returns how to take it off. */
export function setStage(next: OnStage): () => void {
  current = next;
  // For scripts that drive the page: where a point of the scan lies in the picture, and what lies at a pixel.
  Object.assign(window, {
    pinpoint3d: {
      onScreen: (xyz: readonly number[]) => next.viewer.onScreen(xyz),
      pick: (x: number, y: number) => next.viewer.pick(x, y)?.row,
      labels: () => [...(next.viewer.cloud?.arrays.labels ?? [])],
    },
  });
  return () => {
    if (current === next) current = undefined;
  };
}

/** The viewer on the stage and what moves it; there is none before the page is up. */
export function stage(): OnStage | undefined {
  return current;
}
