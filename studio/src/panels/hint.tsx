import { rows, selection, tool } from '../state/studio';
import { nameOf } from '../state/targets';
import { Chord, Keys } from './controls';
import './hint.css';

/** What the next press does, in one line. */
export function Hint() {
  const { level, object, part, entered } = selection.value;
  const active = object === undefined ? undefined : nameOf(rows.value, { object, part });
  if (tool.value !== 'click') {
    return (
      <div class="hint" data-testid="hint">
        <span>
          <b>Drag</b> paints {active ?? 'the active target'}
        </span>
        <span>
          <Chord chord="Shift" /> takes away
        </span>
        <span>
          <Chord chord="Alt" /> turns the view
        </span>
        <span>
          <Keys action="leave" /> back to clicks
        </span>
      </div>
    );
  }
  const meaning =
    level === 'object'
      ? active
        ? `adds to ${active}`
        : 'starts an object'
      : part !== undefined
        ? `adds to ${active}`
        : 'starts a part';
  return (
    <div class="hint" data-testid="hint">
      <span>
        <b>Click</b> {meaning}
      </span>
      {active && (
        <span>
          <Chord chord="Shift" /> not this
        </span>
      )}
      <span>
        <Chord chord="Mod" /> background
      </span>
      {active && (
        <span>
          <Keys action={level === 'object' ? 'newObject' : 'newPart'} /> next
        </span>
      )}
      {entered === undefined ? (
        object !== undefined && (
          <span>
            <b>Double-click</b> its parts
          </span>
        )
      ) : (
        <span>
          <Keys action="leave" /> leave
        </span>
      )}
    </div>
  );
}
