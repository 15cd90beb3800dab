/** What a reviewer says of objects and parts, and the walk through them. */
import * as api from '../api/client';
import { stage } from '../stage/registry';
import { select, type TargetId } from './selection';
import { session } from './session';
import { activeTarget, commenting, reviews, rows, sceneState, selection } from './studio';
import { grouped } from './targets';
import { messageOf, say } from './toasts';
import { keyOf } from './visibility';

export async function loadReviews(): Promise<void> {
  const open = session();
  if (!open) return;
  const told = await api.listReviews(open.lease.session).catch(() => []);
  if (session() === open) reviews.value = told;
}

/** Say something of a target, or take back what was said; tells whether it was kept. */
export async function review(
  target: TargetId,
  verdict: api.Review['verdict'] | null,
  comment?: string,
): Promise<boolean> {
  const open = session();
  if (!open) return false;
  try {
    reviews.value = await api.giveReview(open.lease.session, {
      object: target.object,
      part: target.part ?? null,
      verdict,
      comment: comment ?? null,
    });
    return true;
  } catch (error) {
    say(messageOf(error), 'bad');
    return false;
  }
}

/** Accept a target; after an object the next one is shown. */
export async function accept(target: TargetId): Promise<void> {
  if (!inReview()) return;
  if ((await review(target, 'accepted', '')) && target.part === undefined) walk(1);
}

/** Ask the reviewer what is to be mended. */
export function startComment(): void {
  if (inReview()) commenting.value = true;
}

function inReview(): boolean {
  if (sceneState.value === 'review') return true;
  say('Set the scene to Review first, in the list of scenes');
  return false;
}

/** What was said last of a target. */
export function reviewOf(target: TargetId, all: readonly api.Review[]): api.Review | undefined {
  return all.find(each => keyOf({ object: each.object, part: each.part ?? undefined }) === keyOf(target));
}

/** Go to the object before or after the active one and bring it into view. */
export function walk(step: number): void {
  const objects = grouped(rows.value).map(group => group.object);
  if (objects.length === 0) {
    say('There is no object to go to yet');
    return;
  }
  const now = objects.findIndex(row => row.object === selection.value.object);
  const next = now < 0 ? (step > 0 ? 0 : objects.length - 1) : (now + step + objects.length) % objects.length;
  go({ object: objects[next].object, part: undefined });
  showActive();
}

/** Make a target the active one and bring it into view. */
export function go(target: TargetId): void {
  selection.value = select({ ...selection.value, entered: undefined }, target);
  commenting.value = false;
  showActive();
}

/** Bring the active target into the middle of the picture. */
export function showActive(): void {
  const target = activeTarget.value;
  if (!target) return;
  const own = rows.value.filter(
    row => row.object === target.object && (target.part === undefined || row.part === target.part),
  );
  stage()?.viewer.frame(new Set(own.map(row => row.label)));
}
