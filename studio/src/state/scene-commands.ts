/** Opening, queueing, uploading and exporting scenes. */
import * as api from '../api/client';
import { ServerProblem } from '../api/http';
import type { SpatialIndex } from '../picking/spatial-index';
import { stage } from '../stage/registry';
import { loadLabelSets } from './label-sets';
import { loadReviews } from './reviews';
import { NOTHING } from './selection';
import { OpenSession, session, setSession } from './session';
import { importLabels } from './session-commands';
import { clientKey, set, settings } from './settings';
import {
  answered,
  answerMs,
  clicks,
  clip,
  exportFormats,
  exportsRunning,
  history,
  loading,
  paused,
  queue,
  reviews,
  scene,
  selection,
  tool,
  touring,
  trouble,
  uploads,
  visibility,
  WHOLE,
} from './studio';
import { messageOf, say } from './toasts';
import { keepViews, noteView, recallView } from './view-memory';
import { ALL_SHOWN } from './visibility';

const QUEUE_AGE = 15_000;

/** Fill the page: lists, then the scene that the address names, or the only one there is. */
export async function start(): Promise<void> {
  window.addEventListener('pagehide', () => {
    if (session()) api.release(session()!.lease.session);
  });
  // A page that comes back from the browser's cache has given its scene back.
  window.addEventListener('pageshow', event => event.persisted && window.location.reload());
  window.setInterval(() => void refreshQueue(), QUEUE_AGE);
  keepViews();
  try {
    [queue.value, exportFormats.value] = await Promise.all([api.listScenes(), api.listExports()]);
  } catch (error) {
    trouble.value = { title: 'The server does not answer', text: messageOf(error) };
    return;
  }
  void loadLabelSets();
  const named = new URLSearchParams(window.location.search).get('scene');
  const only = queue.value.length === 1 ? queue.value[0].id : undefined;
  const wanted = named ?? only;
  if (wanted) await openScene(wanted);
}

export async function refreshQueue(): Promise<void> {
  queue.value = await api.listScenes().catch(() => queue.value);
}

/** Take a scene and put it on the stage. */
export async function openScene(id: string): Promise<void> {
  if (scene.value?.id === id) return;
  closeScene();
  const name = queue.value.find(entry => entry.id === id)?.name ?? 'the scene';
  const progress = (text: string, share?: number) => {
    loading.value = { text, share };
  };
  progress(`Opening ${name}`, 0.02);
  try {
    const lease = await api.lease(id, { owner: settings.value.owner || 'Somebody', client: clientKey() });
    const opened = new OpenSession(lease, lostTo);
    setSession(opened);
    // The scan first: the server reads it for whoever asks first, and the labels wait for the model.
    const coming = api.geometry(lease.session, share => progress(`Loading ${name}`, 0.05 + 0.95 * share));
    const state = api.labels(lease.session);
    state.catch(() => undefined);
    const scan = await coming;
    progress('The model reads the scan; you can look around');
    const { header, positions, colours, normals } = scan;
    const count = header.points;
    const none = { labels: new Uint16Array(count), confidence: new Uint8Array(count) };
    const viewer = stage()!.viewer;
    viewer.show({ positions, colours, normals, ...none });
    const index = indexOf(positions);
    const first = await state;
    viewer.setIndex(await index);
    recallView(id);
    scene.value = { id, name: lease.scene.name, points: count, sample: lease.scene.sample, origin: header.origin };
    opened.take(first.state, first.labels);
    void loadReviews();
    touring.value = lease.scene.sample && !settings.value.toured;
    window.history.replaceState(null, '', `?scene=${encodeURIComponent(id)}`);
  } catch (error) {
    closeScene();
    trouble.value = troubleOf(error, name);
  }
  loading.value = undefined;
  void refreshQueue();
}

/** Give the scene back and clear the stage. */
export function closeScene(): void {
  noteView();
  setSession(undefined);
  stage()?.viewer.clear();
  scene.value = undefined;
  trouble.value = undefined;
  answered.value = [];
  reviews.value = [];
  clicks.value = [];
  history.value = { undo: false, redo: false };
  selection.value = NOTHING;
  visibility.value = ALL_SHOWN;
  clip.value = WHOLE;
  tool.value = 'click';
  paused.value = false;
  answerMs.value = undefined;
  window.history.replaceState(null, '', window.location.pathname);
}

/** Open the scene before or after this one in the queue. */
export function openNeighbour(step: number): void {
  const now = queue.value.findIndex(entry => entry.id === scene.value?.id);
  const next = queue.value[now + step];
  if (next) void openScene(next.id);
  else say(step > 0 ? 'This is the last scene of the queue' : 'This is the first scene of the queue');
}

export async function setSceneState(id: string, state: api.Scene['state']): Promise<void> {
  try {
    const changed = await api.changeScene(id, { state });
    queue.value = queue.value.map(entry => (entry.id === id ? changed : entry));
  } catch (error) {
    say(messageOf(error), 'bad');
  }
}

/** Add a scan of the server's disk to the queue and open it. */
export async function openServerPath(path: string): Promise<void> {
  try {
    const added = await api.openPath(path, settings.value.reading);
    await refreshQueue();
    await openScene(added.id);
  } catch (error) {
    say(messageOf(error), 'bad');
  }
}

/** Write the labels in a format, to where the browser keeps what it downloads. */
export async function exportScene(format: api.ExportFormat): Promise<void> {
  const open = session();
  if (!open) return;
  exportsRunning.value = new Set([...exportsRunning.value, format.id]);
  try {
    const { blob, name } = await api.exported(open.lease.session, format.id);
    const link = document.createElement('a');
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    window.setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    say(`${name} is written`, 'good');
  } catch (error) {
    say(messageOf(error), 'bad');
  }
  exportsRunning.value = new Set([...exportsRunning.value].filter(id => id !== format.id));
}

/** Send scans to the server; the first of them is opened. */
export async function upload(files: readonly File[]): Promise<void> {
  const sent = await Promise.all(files.map(file => sendWithProgress(file, 'scene')));
  await refreshQueue();
  const first = sent.find(each => each?.scene)?.scene;
  if (first) await openScene(first.id);
}

/** Take labels from a file into the scene on the stage. */
export async function uploadLabels(file: File): Promise<void> {
  const sent = await sendWithProgress(file, 'labels');
  if (sent) importLabels(sent.upload);
}

async function sendWithProgress(file: File, use: 'scene' | 'labels') {
  const show = (share: number) => {
    uploads.value = [...uploads.value.filter(each => each.name !== file.name), { name: file.name, share }];
  };
  show(0);
  try {
    return await api.sendFile(file, use, settings.value.reading, show);
  } catch (error) {
    say(`${file.name}: ${messageOf(error)}`, 'bad');
    return undefined;
  } finally {
    uploads.value = uploads.value.filter(each => each.name !== file.name);
  }
}

function indexOf(positions: Float32Array): Promise<SpatialIndex> {
  const worker = new Worker(new URL('../picking/index-worker.ts', import.meta.url), { type: 'module' });
  const copy = positions.slice();
  worker.postMessage(copy, [copy.buffer]);
  return new Promise((resolve, reject) => {
    worker.onmessage = (event: MessageEvent<SpatialIndex>) => {
      worker.terminate();
      resolve(event.data);
    };
    worker.onerror = event => reject(new Error(event.message));
  });
}

function lostTo(message: string): void {
  closeScene();
  trouble.value = { title: 'The scene went to somebody else', text: message };
  void refreshQueue();
}

function troubleOf(error: unknown, name: string): { title: string; text: string } {
  if (error instanceof ServerProblem) {
    if (error.code === 'leased') return { title: `${name} is in work`, text: messageOf(error) };
    if (error.code === 'capacity') return { title: 'The server is full', text: messageOf(error) };
  }
  return { title: `${name} could not be opened`, text: messageOf(error) };
}

/** The tour is over, and is not offered again. */
export function endTour(): void {
  touring.value = false;
  if (!settings.value.toured) set({ toured: true });
}
