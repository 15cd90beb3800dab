import type { TargetId } from './selection';
import type { Labelled } from './visibility';

/** A row of the tree of objects and parts. */
export interface TargetRow extends Labelled {
  name: string;
  points: number;
  clicks: number;
  confidence: number | undefined;
  /** Whether a person gave the name. */
  named: boolean;
  /** Whether it could be told apart; null while it has no positive click. */
  status: 'ok' | 'no voxel' | null;
  locked: boolean;
}

export interface ClickRow extends TargetId {
  /** Its place in the order of making, from 0: how the server names it. */
  place: number;
  xyz: readonly [number, number, number];
  positive: boolean;
}

export function rowOf(rows: readonly TargetRow[], target: TargetId): TargetRow | undefined {
  return rows.find(row => row.object === target.object && row.part === target.part);
}

/** The rows as they are now, those that say what they said before as the same objects: their panels stay as they are. */
export function unchangedKept(before: readonly TargetRow[], now: readonly TargetRow[]): readonly TargetRow[] {
  const known = new Map(before.map(row => [JSON.stringify(row), row]));
  return now.map(row => known.get(JSON.stringify(row)) ?? row);
}

/** How a person reads a target: "chair", "chair › seat". */
export function nameOf(rows: readonly TargetRow[], target: TargetId): string {
  if (target.object === 0) return 'the background';
  const object = rowOf(rows, { object: target.object, part: undefined })?.name ?? `object ${target.object}`;
  if (target.part === undefined) return object;
  return `${object} › ${rowOf(rows, target)?.name ?? `part ${target.part}`}`;
}

/** Objects with their parts, in the order of their ids; the tree as it is shown. */
export function grouped(rows: readonly TargetRow[]): readonly { object: TargetRow; parts: readonly TargetRow[] }[] {
  return rows
    .filter(row => row.part === undefined)
    .map(object => ({ object, parts: rows.filter(row => row.object === object.object && row.part !== undefined) }));
}

/** Writes every digit of a number; made once, since making it takes milliseconds. */
export const inFull = new Intl.NumberFormat('en');

export function shortCount(count: number): string {
  if (count < 10_000) return inFull.format(count);
  if (count < 1_000_000) return `${Math.round(count / 1000)}k`;
  return `${(count / 1_000_000).toFixed(count < 10_000_000 ? 2 : 1)}M`;
}

export function css(colour: readonly [number, number, number]): string {
  return `rgb(${colour.join(' ')})`;
}

/** Names that begin with, or else contain, what was typed; the best six. */
export function completions(names: readonly string[], typed: string): readonly string[] {
  const wanted = typed.trim().toLowerCase();
  const starts = names.filter(name => name.toLowerCase().startsWith(wanted));
  const holds = names.filter(name => !starts.includes(name) && name.toLowerCase().includes(wanted));
  return [...new Set([...starts, ...holds])].filter(name => name.toLowerCase() !== wanted).slice(0, 6);
}
