import { ACTIVE, GHOST, HIDDEN, type PaletteEntry } from '../viewer/palette';
import type { Selection, TargetId } from './selection';

/** What a person has put out of sight; it changes the picture, never the labels. */
export interface Visibility {
  hidden: ReadonlySet<string>;
  ghosted: ReadonlySet<string>;
  isolated: string | undefined;
}

/** What points carry that belong to no target: nothing is said of them, or that they are background. */
export const NO_LABEL = 0;
export const BACKGROUND = 1;

export const ALL_SHOWN: Visibility = { hidden: new Set(), ghosted: new Set(), isolated: undefined };

/** A target with the label its points carry. */
export interface Labelled extends TargetId {
  label: number;
  colour: readonly [number, number, number];
}

export function keyOf(target: TargetId): string {
  return `${target.object}/${target.part ?? 0}`;
}

/** Whether `key` names the target itself or the object it is a part of. */
function covers(key: string | undefined, target: TargetId): boolean {
  return key === keyOf(target) || key === `${target.object}/0`;
}

export function isHidden(target: TargetId, view: Visibility): boolean {
  if (view.isolated && !covers(view.isolated, target)) return true;
  return view.hidden.has(keyOf(target)) || view.hidden.has(`${target.object}/0`);
}

export function isGhost(target: TargetId, view: Visibility, selection: Selection): boolean {
  if (selection.entered !== undefined && target.object !== selection.entered) return true;
  return view.ghosted.has(keyOf(target)) || view.ghosted.has(`${target.object}/0`);
}

function isActive(target: TargetId, selection: Selection): boolean {
  if (selection.object !== target.object) return false;
  return selection.part === undefined ? selection.entered === undefined : selection.part === target.part;
}

/** Colour and flags of every label; labels 0 and 1 are the points without a target. */
export function paletteOf(
  targets: readonly Labelled[],
  view: Visibility,
  selection: Selection,
): Map<number, PaletteEntry> {
  const away = (view.isolated ? HIDDEN : 0) | (selection.entered === undefined ? 0 : GHOST);
  const entries = new Map<number, PaletteEntry>();
  for (const label of [NO_LABEL, BACKGROUND]) entries.set(label, { colour: [150, 150, 150], flags: away });
  for (const target of targets) {
    const flags =
      (isHidden(target, view) ? HIDDEN : 0) |
      (isGhost(target, view, selection) ? GHOST : 0) |
      (isActive(target, selection) ? ACTIVE : 0);
    entries.set(target.label, { colour: target.colour, flags });
  }
  return entries;
}

/** The same view without targets that are gone: a number that is given again must not be out of sight. */
export function pruned(view: Visibility, targets: readonly TargetId[]): Visibility {
  const there = new Set(targets.map(keyOf));
  const keys = [...view.hidden, ...view.ghosted, ...(view.isolated ? [view.isolated] : [])];
  if (keys.every(key => there.has(key))) return view;
  const still = (set: ReadonlySet<string>) => new Set([...set].filter(key => there.has(key)));
  const isolated = view.isolated && there.has(view.isolated) ? view.isolated : undefined;
  return { hidden: still(view.hidden), ghosted: still(view.ghosted), isolated };
}

export function toggled(keys: ReadonlySet<string>, key: string): ReadonlySet<string> {
  const next = new Set(keys);
  if (!next.delete(key)) next.add(key);
  return next;
}
