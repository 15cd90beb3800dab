import { useSignal } from '@preact/signals';
import { Check, ChevronLeft, ChevronRight, CornerUpLeft, X } from 'lucide';
import type { Review, Scene } from '../api/client';
import { run } from '../input/actions';
import { go, review, reviewOf } from '../state/reviews';
import { setSceneState } from '../state/scene-commands';
import type { TargetId } from '../state/selection';
import { activeTarget, commenting, reviews, rows, scene, sceneState } from '../state/studio';
import { nameOf, rowOf } from '../state/targets';
import { IconButton, Keys } from './controls';
import { Icon } from './icon';
import './review-bar.css';

/** Below the tree: the reviewer's walk through the objects, or what the annotator got back. */
export function ReviewBar() {
  const told = reviews.value.map(each => ({ ...each, part: each.part ?? undefined }));
  const gone = told.filter(each => !rowOf(rows.value, each));
  if (sceneState.value !== 'review' && told.every(each => each.verdict === 'accepted')) return null;
  return (
    <section class="review-bar" aria-label="Review" data-testid="review-bar">
      {gone.map(each => (
        <p key={`${each.object}/${each.part}`} class="gone">
          <span>
            {nameOf(rows.value, each)} is gone: {each.comment}
          </span>
          <IconButton small icon={X} label="Forget it" tip="none" onClick={() => void review(each, null)} />
        </p>
      ))}
      {sceneState.value === 'review' ? <Reviewing /> : <Mending />}
    </section>
  );
}

/** Objects one by one: accept, or say what is to be mended. */
function Reviewing() {
  const objects = rows.value.filter(row => row.part === undefined);
  const open = objects.filter(row => !settled(reviewOf(row, reviews.value)));
  const back = count('sent_back');
  const now = objects.findIndex(row => row.object === activeTarget.value?.object);
  return (
    <>
      <header>
        <h2>Review</h2>
        <span class="numbers">
          {objects.length - open.length} of {objects.length} looked at
        </span>
        <span class="row-of-buttons">
          <IconButton
            small
            icon={ChevronLeft}
            label="Previous object"
            tip="none"
            onClick={() => run('previousObject')}
          />
          <span class="numbers">{now < 0 ? '–' : now + 1}</span>
          <IconButton
            small
            icon={ChevronRight}
            label="Next object"
            tip="none"
            testId="review-next"
            onClick={() => run('nextObject')}
          />
        </span>
      </header>
      {activeTarget.value ? <Judge key={`${commenting.value}`} target={activeTarget.value} /> : <Begin />}
      {open.length === 0 && (
        <HandOn state={back > 0 ? 'in_work' : 'done'}>
          {back > 0 ? `Hand back, ${back} to mend` : 'All accepted: set to done'}
        </HandOn>
      )}
    </>
  );
}

function Begin() {
  return (
    <p class="faint">
      <Keys action="nextObject" /> goes from object to object; a part is judged by selecting it.
    </p>
  );
}

function Judge({ target }: { target: TargetId }) {
  const comment = useSignal(reviewOf(target, reviews.value)?.comment ?? '');
  const send = async () => {
    if (await review(target, 'sent_back', comment.value)) commenting.value = false;
  };
  if (!commenting.value)
    return (
      <div class="judge">
        <button type="button" class="button" data-testid="send-back" onClick={() => run('sendBack')}>
          <Icon node={CornerUpLeft} />
          Send back
          <Keys action="sendBack" />
        </button>
        <button type="button" class="button primary" data-testid="accept" onClick={() => run('accept')}>
          <Icon node={Check} />
          Accept
          <Keys action="accept" />
        </button>
      </div>
    );
  return (
    <form
      onSubmit={event => {
        event.preventDefault();
        void send();
      }}
    >
      <textarea
        ref={focusOnce}
        class="field"
        rows={3}
        maxLength={2000}
        aria-label={`What is to be mended of ${nameOf(rows.value, target)}`}
        placeholder={`What is to be mended of ${nameOf(rows.value, target)}?`}
        data-testid="review-comment"
        value={comment.value}
        onInput={event => {
          comment.value = event.currentTarget.value;
        }}
        onKeyDown={event => {
          if (event.key === 'Escape') commenting.value = false;
          else if (event.key === 'Enter' && !event.shiftKey) {
            event.preventDefault();
            void send();
          }
        }}
      />
      <div class="judge">
        <button
          type="button"
          class="button quiet"
          onClick={() => {
            commenting.value = false;
          }}
        >
          Cancel
        </button>
        <button type="submit" class="button primary" data-testid="send-comment" disabled={!comment.value.trim()}>
          Send back
        </button>
      </div>
    </form>
  );
}

/** The field was just asked for. */
function focusOnce(field: HTMLTextAreaElement | null): void {
  field?.focus();
}

/** What came back from review, one after the other. */
function Mending() {
  const back = reviews.value.filter(each => each.verdict === 'sent_back');
  const next = back.find(each => each.object !== activeTarget.value?.object) ?? back[0];
  if (!next) return <HandOn state="review">All mended: hand in for review</HandOn>;
  return (
    <header>
      <h2>Sent back</h2>
      <span class="numbers">{back.length} to mend</span>
      <button
        type="button"
        class="button quiet"
        data-testid="next-sent-back"
        onClick={() => go({ object: next.object, part: next.part ?? undefined })}
      >
        Show
        <Icon node={ChevronRight} />
      </button>
    </header>
  );
}

function HandOn({ state, children }: { state: Scene['state']; children: string }) {
  return (
    <button
      type="button"
      class="button primary hand-on"
      data-testid="hand-on"
      onClick={() => void setSceneState(scene.value!.id, state)}
    >
      {children}
    </button>
  );
}

/** Whether nothing is left to be said of a target: what is mended is looked at again. */
function settled(said: Review | undefined): boolean {
  return said?.verdict === 'accepted' || said?.verdict === 'sent_back';
}

function count(verdict: Review['verdict']): number {
  return reviews.value.filter(each => each.verdict === verdict).length;
}
