/** What the next click means: which target is active, and what a click with given modifiers says about it. */
export type Level = 'object' | 'part';

export interface Selection {
  level: Level;
  object: number | undefined;
  part: number | undefined;
  /** The object that was stepped into; everything else is a ghost. */
  entered: number | undefined;
}

export interface TargetId {
  object: number;
  part: number | undefined;
}

/** What a click says: "this point is (not) of that target"; object 0 is the background. */
export interface Intent extends TargetId {
  positive: boolean;
}

export const NOTHING: Selection = { level: 'object', object: undefined, part: undefined, entered: undefined };

/** Why a click cannot be made, as a sentence for the person who clicked. */
export class Unclear extends Error {}

/**
 * What a click means.
 *
 * @param under the target of the point under the pointer, if it has one
 * @param targets all targets there are
 * @throws {Unclear} there is no target the click could be about
 */
export function intentOf(
  selection: Selection,
  under: TargetId | undefined,
  targets: readonly TargetId[],
  modifiers: { shift: boolean; mod: boolean },
): Intent {
  if (modifiers.mod) return { object: 0, part: undefined, positive: true };
  if (modifiers.shift) return { ...negated(selection, under), positive: false };
  if (selection.level === 'object') {
    return { object: selection.object ?? freshObject(targets), part: undefined, positive: true };
  }
  const object = selection.entered ?? selection.object ?? under?.object;
  if (!object) throw new Unclear('Click an object first, then its parts');
  const part = selection.object === object ? selection.part : undefined;
  return { object, part: part ?? freshPart(targets, object), positive: true };
}

function negated(selection: Selection, under: TargetId | undefined): TargetId {
  const object = selection.object ?? selection.entered ?? under?.object;
  if (!object)
    throw new Unclear('Nothing is active to be corrected: select an object, then Shift-click what is not of it');
  if (selection.level === 'object') return { object, part: undefined };
  const part = selection.object === object ? selection.part : undefined;
  const meant = part ?? (under?.object === object ? under.part : undefined);
  if (!meant) throw new Unclear('Select a part first, then Shift-click what is not of it');
  return { object, part: meant };
}

export function freshObject(targets: readonly TargetId[]): number {
  return 1 + Math.max(0, ...targets.map(target => target.object));
}

export function freshPart(targets: readonly TargetId[], object: number): number {
  return 1 + Math.max(0, ...targets.filter(target => target.object === object).map(target => target.part ?? 0));
}

/** Step into an object: clicks now cut its parts. */
export function enter(object: number): Selection {
  return { level: 'part', object, part: undefined, entered: object };
}

/** One step out: first of the part, then of the object that was entered, then of the active object. */
export function leave(selection: Selection): Selection {
  if (selection.part !== undefined) return { ...selection, part: undefined };
  if (selection.entered !== undefined) return { ...NOTHING, object: selection.entered };
  return NOTHING;
}

export function select(selection: Selection, target: TargetId): Selection {
  const entered = selection.entered === target.object ? selection.entered : undefined;
  return { level: target.part ? 'part' : 'object', object: target.object, part: target.part, entered };
}

/** The selection without targets that are gone. */
export function kept(selection: Selection, targets: readonly TargetId[]): Selection {
  const has = (object: number | undefined, part: number | undefined) =>
    targets.some(target => target.object === object && target.part === part);
  const object = has(selection.object, undefined) ? selection.object : undefined;
  const part = object && has(object, selection.part) ? selection.part : undefined;
  const entered = has(selection.entered, undefined) ? selection.entered : undefined;
  if (object === selection.object && part === selection.part && entered === selection.entered) return selection;
  return { level: selection.entered && !entered ? 'object' : selection.level, object, part, entered };
}
