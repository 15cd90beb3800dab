import { useSignal } from '@preact/signals';
import { RotateCcw } from 'lucide';
import { ACTIONS, type Action, chordOf, keysOf, remap } from '../input/keymap';
import { set, settings } from '../state/settings';
import { Chord } from './controls';
import { Dialog } from './dialog';
import { Icon } from './icon';
import './shortcuts.css';

const MOUSE: readonly (readonly [string, string])[] = [
  ['Click', 'This too: add to the active object or part, or start one'],
  ['Shift + click', 'Not this one'],
  ['Ctrl / Cmd + click', 'Background of the scene'],
  ['Alt + click', 'Select what lies under the pointer'],
  ['Double-click', 'Enter an object to cut its parts'],
  ['1 – 9,  Alt + 1 – 9', 'Select a part, an object'],
  ['Drag', 'Turn the view about the point under the pointer'],
  ['Right-drag, Space + drag', 'Move the view'],
  ['Wheel, pinch', 'Zoom to the pointer'],
  ['Drag a marker', 'Move a click; right-click gives it to another target'],
  ['Brush, lasso: Shift', 'Take away instead of adding; Alt + drag turns the view'],
];

/** Every key and gesture; a press on a key changes it. */
export function Shortcuts({ onClose }: { onClose: () => void }) {
  const waiting = useSignal<Action | undefined>(undefined);
  const groups = [...new Set(Object.values(ACTIONS).map(action => action.group))];
  const { remapped } = settings.value;

  const keyDown = (event: KeyboardEvent) => {
    if (!waiting.value) return;
    event.preventDefault();
    event.stopPropagation();
    const chord = chordOf(event);
    if (!chord) return;
    if (chord !== 'Escape') set({ remapped: remap(remapped, waiting.value, chord) });
    waiting.value = undefined;
  };

  return (
    <Dialog
      title="Shortcuts"
      onClose={onClose}
      aside={
        <button
          type="button"
          class="button quiet"
          disabled={Object.keys(remapped).length === 0}
          onClick={() => set({ remapped: {} })}
        >
          <Icon node={RotateCcw} />
          Restore all
        </button>
      }
    >
      {/* biome-ignore lint/a11y/noStaticElementInteractions: listens for the key that is being assigned */}
      <div class="shortcuts" data-testid="shortcuts" onKeyDown={keyDown}>
        <section class="mouse">
          <h3>Mouse and trackpad</h3>
          {MOUSE.map(([gesture, meaning]) => (
            <div key={gesture} class="shortcut">
              <span>{meaning}</span>
              <span class="gesture">{gesture}</span>
            </div>
          ))}
        </section>
        {groups.map(group => (
          <section key={group}>
            <h3>{group}</h3>
            {(Object.keys(ACTIONS) as Action[])
              .filter(action => ACTIONS[action].group === group)
              .map(action => (
                <div key={action} class="shortcut">
                  <span>{ACTIONS[action].label}</span>
                  <button
                    type="button"
                    class="chord"
                    data-testid={`key-${action}`}
                    aria-label={`${ACTIONS[action].label}: change its key`}
                    onClick={() => {
                      waiting.value = action;
                    }}
                  >
                    {waiting.value === action ? (
                      <em>Press a key</em>
                    ) : (
                      keysOf(action, remapped).map(chord => (
                        <span key={chord} class="caps">
                          <Chord chord={chord} />
                        </span>
                      ))
                    )}
                    {waiting.value !== action && keysOf(action, remapped).length === 0 && <em>No key</em>}
                  </button>
                </div>
              ))}
          </section>
        ))}
      </div>
    </Dialog>
  );
}
