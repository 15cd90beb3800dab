/** How a person looks at each scene, kept in the browser: after a reload the picture is the one that was left. */
import { effect } from '@preact/signals';
import { stage } from '../stage/registry';
import type { Pose } from '../viewer/camera';
import type { Selection } from './selection';
import { type Clip, clip, scene, selection, visibility, WHOLE } from './studio';

interface View {
  hidden: readonly string[];
  ghosted: readonly string[];
  isolated: string | undefined;
  clip: Clip | undefined;
  selection: Selection;
  pose: Pose | undefined;
}

const KEY = 'pinpoint3d.views';
/** Scenes looked at last; older ones are seen as on the first day. */
const KEPT = 50;

/** Keep the view of the scene on the stage whenever it changes; the camera is noted then and when the page is left. */
export function keepViews(): void {
  effect(noteView);
  window.addEventListener('pagehide', noteView);
}

/** Note how the scene on the stage is looked at. */
export function noteView(): void {
  if (!scene.value) return;
  const view: View = {
    hidden: [...visibility.value.hidden],
    ghosted: [...visibility.value.ghosted],
    isolated: visibility.value.isolated,
    clip: clip.value === WHOLE ? undefined : clip.value,
    selection: selection.value,
    pose: stage()?.viewer.rig.pose,
  };
  const others = stored().filter(([id]) => id !== scene.value!.id);
  try {
    localStorage.setItem(KEY, JSON.stringify([...others.slice(1 - KEPT), [scene.value.id, view]]));
  } catch {
    // A browser that stores nothing still works; views start anew.
  }
}

/** Look at a scene as it was looked at last; its scan is on the stage. */
export function recallView(id: string): void {
  const view = stored().find(([known]) => known === id)?.[1];
  if (!view) return;
  const { hidden, ghosted, isolated } = view;
  visibility.value = { hidden: new Set(hidden), ghosted: new Set(ghosted), isolated };
  selection.value = view.selection;
  if (view.clip) clip.value = view.clip;
  if (view.pose && stage()) stage()!.viewer.rig.pose = view.pose;
}

function stored(): readonly [string, View][] {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? '[]');
  } catch {
    return [];
  }
}
