/** What a person does to a scene, as commands to the server; each is one undo step. */
import type { Command } from '../api/client';
import { packed } from '../api/frame';
import { bitsOfRows } from '../viewer/bits';
import { kindOf } from './label-colours';
import { enter, type Intent, type TargetId } from './selection';
import { session } from './session';
import { chosenClick, labelSets, paused, rows, selection } from './studio';
import type { TargetRow } from './targets';
import { say } from './toasts';

function send(command: Command): void {
  session()?.send(paused.value ? { ...command, answer: false } : command);
}

/** Click a point; its target becomes the active one. */
export function clickAt(point: number, intent: Intent): void {
  send({ do: 'add_click', point, ...wire(intent), positive: intent.positive });
  if (intent.object > 0 && intent.positive) {
    selection.value = { ...selection.value, object: intent.object, part: intent.part };
  }
}

/**
 * Enter the object that lay under a double click. The click its first press made is taken back, unless it is what
 * brought the object into being.
 */
export function stepInto(before: TargetId | undefined, clicked: boolean): void {
  if (before && clicked) undo();
  const object = before?.object ?? selection.value.object;
  if (object) selection.value = enter(object);
}

export function moveClick(place: number, point: number): void {
  send({ do: 'move_click', place, point });
}

export function removeClick(place: number): void {
  chosenClick.value = undefined;
  send({ do: 'remove_click', place });
}

export function reassignClick(place: number, intent: Intent): void {
  send({ do: 'reassign_click', place, ...wire(intent), positive: intent.positive });
}

export function rename(target: TargetId, name: string): void {
  send({ do: 'rename', object: target.object, part: target.part ?? null, name });
}

/** Give points to a target by hand, or take them from it. */
export async function paint(target: TargetId, painted: Uint32Array, erase: boolean): Promise<void> {
  const points = await packed(bitsOfRows(painted));
  send({ do: 'paint', ...wire(target), points, erase });
}

export function setLock(target: TargetId, locked: boolean): void {
  send({ do: locked ? 'lock' : 'unlock', object: target.object, part: target.part ?? null });
}

export function importLabels(upload: string): void {
  send({ do: 'import_labels', upload });
}

export function undo(): void {
  send({ do: 'undo' });
}

export function redo(): void {
  send({ do: 'redo' });
}

/** Leave the model alone for a while; going on asks it once for everything that was done meanwhile. */
export function setPaused(on: boolean): void {
  paused.value = on;
  if (on) say('Answers are paused: clicks are kept and answered together');
  else session()?.send({ do: 'refresh' });
}

/** Names that may be meant for a target: of the label sets, parts by the name of their object where it has one, then those in use. */
export function offers(row: TargetRow): readonly string[] {
  const categories = labelSets.value.flatMap(each => each.categories);
  const used = rows.value.filter(each => each.named && (each.part === undefined) === (row.part === undefined));
  if (row.part === undefined) return [...categories.map(each => each.name), ...used.map(each => each.name)];
  const object = rows.value.find(each => each.object === row.object && each.part === undefined);
  const own = categories.filter(each => each.name === kindOf(object?.name ?? '')).flatMap(each => each.parts ?? []);
  const any = own.length > 0 ? [] : categories.flatMap(each => each.parts ?? []);
  return [...own, ...any, ...used.map(each => each.name)];
}

function wire(target: TargetId): { object: number | null; part: number | null } {
  return { object: target.object || null, part: target.part ?? null };
}
