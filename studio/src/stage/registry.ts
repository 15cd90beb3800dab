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
  return () => {
    if (current === next) current = undefined;
  };
}

/** The viewer on the stage and what moves it; there is none before the page is up. */
export function stage(): OnStage | undefined {
  return current;
}
