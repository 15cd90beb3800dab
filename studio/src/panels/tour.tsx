import { effect, signal } from '@preact/signals';
import { endTour } from '../state/scene-commands';
import { clicks, rows, scene, selection, touring } from '../state/studio';
import './tour.css';

interface Step {
  title: string;
  text: string;
  done: () => boolean;
}

/** Each step ends by being done, not by being read. */
const STEPS: readonly Step[] = [
  {
    title: 'Click the chair',
    text: 'One click makes an object. Rest the pointer on something first to see what a click would take.',
    done: () => rows.value.some(row => row.part === undefined && row.points > 0),
  },
  {
    title: 'Take back what is too much',
    text: 'Shift-click what does not belong to it. A plain click adds what was missed; N starts the next object.',
    done: () => clicks.value.length >= 2,
  },
  {
    title: 'Step into it',
    text: 'Double-click the object. The rest of the room turns into a ghost, and clicks now cut parts.',
    done: () => selection.value.entered !== undefined,
  },
  {
    title: 'Cut a part',
    text: 'Click the seat, then press P and click the back. Each is a part of the chair with a shade of its colour.',
    done: () => rows.value.some(row => row.part !== undefined && row.points > 0),
  },
  {
    title: 'Name it',
    text: 'Press Enter to name what is active; known names are offered as you type. Esc leaves the object.',
    done: () => rows.value.some(row => row.named),
  },
  {
    title: 'That is all there is to it',
    text: 'Everything can be undone, every click is saved as it is made, and Export writes it in your format. Press ? for all keys.',
    done: () => false,
  },
];

/** The step that is shown: what was done once is not asked for again. */
const now = signal(0);
effect(() => {
  if (!touring.value) now.value = 0;
  else if (STEPS[now.value].done()) now.value++;
});

/** The first steps, on the sample scene. */
export function Tour() {
  if (!touring.value || !scene.value) return null;
  const step = STEPS[now.value];
  const last = now.value === STEPS.length - 1;
  return (
    <section class="tour" aria-label="First steps" data-testid="tour">
      <h2>{step.title}</h2>
      <p>{step.text}</p>
      <footer>
        <span class="steps" role="img" aria-label={`Step ${now.value + 1} of ${STEPS.length}`}>
          {STEPS.map((each, k) => (
            <i key={each.title} class={k === now.value ? 'now' : k < now.value ? 'done' : ''} />
          ))}
        </span>
        <button type="button" class={last ? 'button primary' : 'button quiet'} data-testid="end-tour" onClick={endTour}>
          {last ? 'Start working' : 'Skip'}
        </button>
      </footer>
    </section>
  );
}
