import { Check, CircleCheck, CornerUpLeft, Wrench } from 'lucide';
import { review, reviewOf } from '../state/reviews';
import type { TargetId } from '../state/selection';
import { reviews, sceneState } from '../state/studio';
import { keyOf } from '../state/visibility';
import { Icon } from './icon';
import './review-note.css';

const MARKS = {
  accepted: { icon: CircleCheck, text: 'Accepted' },
  sent_back: { icon: CornerUpLeft, text: 'Sent back' },
  mended: { icon: Wrench, text: 'Mended' },
} as const;

/** What was said of a target in review, below its name; the annotator answers that it is mended. */
export function ReviewNote({ target }: { target: TargetId }) {
  const said = reviewOf(target, reviews.value);
  if (!said) return null;
  const { icon, text } = MARKS[said.verdict];
  return (
    <span class={`review-note ${said.verdict}`} data-testid={`review-${keyOf(target)}`}>
      <Icon node={icon} />
      <span class="said" title={`${text} by ${said.author}`}>
        {said.comment || text}
      </span>
      {said.verdict === 'sent_back' && sceneState.value !== 'review' && (
        <button
          type="button"
          class="button quiet"
          data-testid={`mended-${keyOf(target)}`}
          onClick={event => {
            event.stopPropagation();
            void review(target, 'mended');
          }}
        >
          <Icon node={Check} />
          Mended
        </button>
      )}
    </span>
  );
}
