import { set, settings } from '../state/settings';
import { sheet } from '../state/studio';
import type { ColourMode } from '../viewer/shaders';
import { run, selectNth } from './actions';
import { actionOf, chordOf } from './keymap';

/** Keys that act again and again while they are held. */
const REPEATING = new Set(['undo', 'redo', 'smaller', 'larger', 'smallerBrush', 'largerBrush']);

/** Let the keys of the keyboard do what they are mapped to; returns how to stop. */
export function listenToKeys(): () => void {
  const stop = new AbortController();
  let held: { chord: string; mode: ColourMode } | undefined;

  const down = (event: KeyboardEvent) => {
    if (sheet.value || isTyping(event.target) || event.isComposing) return;
    const chord = chordOf(event);
    if (!chord) return;
    const digit = /^(Alt\+)?([1-9])$/.exec(chord);
    if (digit) {
      selectNth(digit[1] ? 'object' : 'part', Number(digit[2]));
      event.preventDefault();
      return;
    }
    const action = actionOf(chord, settings.value.remapped);
    if (!action || belongsToControl(event, chord)) return;
    event.preventDefault();
    if (action === 'scanColours') {
      if (!held) {
        held = { chord, mode: settings.value.colourMode };
        set({ colourMode: 'scan' });
      }
    } else if (!event.repeat || REPEATING.has(action)) run(action);
  };
  const up = () => {
    if (held) set({ colourMode: held.mode });
    held = undefined;
  };
  window.addEventListener('keydown', down, { signal: stop.signal });
  window.addEventListener('keyup', up, { signal: stop.signal });
  window.addEventListener('blur', up, { signal: stop.signal });
  return () => stop.abort();
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement ? target.type !== 'range' : target instanceof HTMLTextAreaElement;
}

/** Tab and Enter keep their usual meaning on buttons and fields, so that every control can be reached by keyboard. */
function belongsToControl(event: KeyboardEvent, chord: string): boolean {
  const target = event.target as HTMLElement;
  const onCanvas = target.tagName === 'CANVAS' || target === document.body;
  if (chord === 'Tab' || chord === 'Home') return !onCanvas;
  if (chord === 'Enter') return target.tagName === 'BUTTON';
  return false;
}
