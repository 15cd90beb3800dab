/** Every request the page makes, typed by what the server says of itself. */
import type { CloudArrays } from '../viewer/cloud';
import { decodeFrame } from './frame';
import { ask, askJson, bytesOf } from './http';
import type { components } from './schema';

type Schemas = components['schemas'];

export type Scene = Schemas['Scene'];
export type State = Schemas['State'];
export type Lease = Schemas['Lease'];
export type ExportFormat = Schemas['ExportFormat'];
export type LabelSet = Schemas['OfferedSet'];
export type EditedSet = Schemas['LabelSet'];
export type Review = Schemas['Review'];
export type Folder = Schemas['Folder'];
export type Reading = Required<Pick<Schemas['OpenPath'], 'up' | 'unit'>>;
type Upload = Schemas['Upload'];
type Uploaded = Schemas['Uploaded'];

export type Command = (
  | Schemas['AddClick']
  | Schemas['MoveClick']
  | Schemas['RemoveClick']
  | Schemas['ReassignClick']
  | Schemas['Rename']
  | Schemas['Create']
  | Schemas['Paint']
  | Schemas['Lock']
  | Schemas['Unlock']
  | Schemas['ImportLabels']
  | Schemas['Undo']
  | Schemas['Redo']
  | Schemas['Refresh']
) & { id?: string | null; answer?: boolean };

/** What changed by a command. */
export interface Answer {
  state: Schemas['Answer'];
  /** One bit a point: whether its label is another. */
  changed: Uint8Array;
  /** Of each such point, in order. */
  labels: Uint16Array;
}

export const listScenes = () => askJson<Scene[]>('GET', 'scenes');
export const listExports = () => askJson<ExportFormat[]>('GET', 'exports');
export const listLabelSets = () => askJson<LabelSet[]>('GET', 'label-sets');
export const saveLabelSet = (set: EditedSet) => askJson<LabelSet[]>('PUT', 'label-sets', set);
export const removeLabelSet = (name: string) => askJson<LabelSet[]>('DELETE', `label-sets/${encodeURIComponent(name)}`);
export const listReviews = (session: string) => askJson<Review[]>('GET', `sessions/${session}/reviews`);
export const giveReview = (session: string, what: Schemas['GiveReview']) =>
  askJson<Review[]>('PUT', `sessions/${session}/reviews`, what);
export const listFolder = (path: string | undefined) =>
  askJson<Folder>('GET', path === undefined ? 'folders' : `folders?path=${encodeURIComponent(path)}`);
export const openPath = (path: string, reading: Reading) =>
  askJson<Scene>('POST', 'scenes/open', { path, ...reading } satisfies Schemas['OpenPath']);
export const changeScene = (id: string, change: Schemas['ChangeScene']) =>
  askJson<Scene>('PATCH', `scenes/${id}`, change);

export const lease = (scene: string, request: Schemas['LeaseRequest']) =>
  askJson<Lease>('POST', `scenes/${scene}/lease`, request);
export const heartbeat = (session: string) => askJson<Lease>('POST', `sessions/${session}/heartbeat`);

/** Give a scene back; also works while the page is being closed. */
export function release(session: string): void {
  navigator.sendBeacon(`api/sessions/${session}/release`);
}

export async function geometry(session: string, progress: (share: number) => void) {
  const response = await ask('GET', `sessions/${session}/geometry`);
  const { header, arrays } = await decodeFrame<Schemas['Geometry']>(await bytesOf(response, progress));
  return {
    header,
    positions: arrays.xyz as Float32Array,
    colours: arrays.rgb as CloudArrays['colours'],
    normals: arrays.normal as CloudArrays['normals'],
  };
}

export async function labels(session: string): Promise<{ state: State; labels: Uint16Array }> {
  const response = await ask('GET', `sessions/${session}/labels`);
  const { header, arrays } = await decodeFrame<Schemas['Labels']>(await response.arrayBuffer());
  return { state: header, labels: arrays.labels as Uint16Array };
}

export async function confidence(session: string): Promise<Uint8Array> {
  const response = await ask('GET', `sessions/${session}/confidence`);
  return (await decodeFrame<Schemas['Confidence']>(await response.arrayBuffer())).arrays.confidence as Uint8Array;
}

export async function command(session: string, what: Command): Promise<Answer> {
  const response = await ask('POST', `sessions/${session}/commands`, what);
  const { header, arrays } = await decodeFrame<Schemas['Answer']>(await response.arrayBuffer());
  return { state: header, changed: arrays.changed as Uint8Array, labels: arrays.labels as Uint16Array };
}

/** A file of the labels, and the name the server gives it. */
export async function exported(session: string, format: string): Promise<{ blob: Blob; name: string }> {
  const response = await ask('GET', `sessions/${session}/export?format=${encodeURIComponent(format)}`);
  const stated = response.headers.get('Content-Disposition') ?? '';
  const encoded = /filename\*=(?:utf-8'')([^;]+)/i.exec(stated)?.[1];
  const name = encoded ? decodeURIComponent(encoded) : (/filename="([^"]+)"/.exec(stated)?.[1] ?? format);
  return { blob: await response.blob(), name };
}

/** Send a file chunk by chunk; one that was cut off goes on where it stopped. */
export async function sendFile(
  file: File,
  use: 'scene' | 'labels',
  reading: Reading,
  progress: (share: number) => void,
): Promise<Uploaded> {
  let upload = await askJson<Upload>('POST', 'uploads', {
    name: file.name,
    size: file.size,
  } satisfies Schemas['BeginUpload']);
  while (upload.missing.length > 0) {
    const [chunk] = upload.missing;
    const bytes = file.slice(chunk * upload.chunk_bytes, (chunk + 1) * upload.chunk_bytes);
    const answer = await ask('PUT', `uploads/${upload.id}/chunks/${chunk}`, bytes, 'application/octet-stream');
    upload = await answer.json();
    progress(1 - upload.missing.length / upload.chunks);
  }
  return askJson<Uploaded>('POST', `uploads/${upload.id}/finish`, {
    use,
    ...reading,
  } satisfies Schemas['FinishUpload']);
}
