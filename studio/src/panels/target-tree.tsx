import { Eye, EyeOff, Focus, Ghost, Lock, LockOpen, MousePointerClick, Plus, Tags } from 'lucide';
import { run } from '../input/actions';
import type { TargetId } from '../state/selection';
import { select } from '../state/selection';
import { setLock } from '../state/session-commands';
import { naming, rows, scene, selection, sheet, visibility } from '../state/studio';
import { css, grouped, shortCount, type TargetRow } from '../state/targets';
import { toggleGhost, toggleHidden, toggleIsolated } from '../state/view-commands';
import { isGhost, isHidden, keyOf } from '../state/visibility';
import { IconButton } from './controls';
import { Icon } from './icon';
import { NameField } from './name-field';
import { ReviewNote } from './review-note';
import './target-tree.css';

/** The tree of objects and their parts. */
export function TargetTree() {
  const objects = grouped(rows.value);
  return (
    <>
      <div class="side-head">
        <h2>
          Objects
          <span class="count numbers">{objects.length || ''}</span>
        </h2>
        <span class="row-of-buttons">
          <IconButton
            icon={Tags}
            label="Label sets"
            testId="label-sets"
            onClick={() => {
              sheet.value = 'labels';
            }}
          />
          <IconButton icon={Plus} label="New object" action="newObject" onClick={() => run('newObject')} />
        </span>
      </div>
      {objects.length === 0 ? <EmptyTree /> : <Coverage />}
      {objects.length > 0 && (
        <div class="tree" role="tree" aria-label="Objects and parts" onKeyDown={moveFocus}>
          {objects.map(({ object, parts }) => (
            <div key={object.object} role="none">
              <Target row={object} />
              {parts.map(part => (
                <Target key={part.part} row={part} />
              ))}
            </div>
          ))}
        </div>
      )}
    </>
  );
}

function EmptyTree() {
  return (
    <div class="empty">
      <Icon node={MousePointerClick} />
      <strong>Nothing is cut yet</strong>
      <span>Click a thing in the scan. It becomes an object, and its parts appear here below it.</span>
    </div>
  );
}

/** How much of the scan has a label, object by object. */
function Coverage() {
  const total = scene.value?.points ?? 1;
  const objects = rows.value.filter(row => row.part === undefined);
  const labelled = objects.reduce((sum, row) => sum + row.points, 0);
  return (
    <div class="coverage">
      <div class="bar" aria-hidden="true">
        {objects.map(row => (
          <span key={row.object} style={{ background: css(row.colour), width: `${(100 * row.points) / total}%` }} />
        ))}
      </div>
      <div class="figures numbers">
        <span>{((100 * labelled) / total).toFixed(1)} % labelled</span>
        <span>{shortCount(total - labelled)} points left</span>
      </div>
    </div>
  );
}

function Target({ row }: { row: TargetRow }) {
  const target: TargetId = { object: row.object, part: row.part };
  const chosen = selection.value.object === row.object && selection.value.part === row.part;
  const hidden = isHidden(row, visibility.value);
  const editing = naming.value !== undefined && keyOf(naming.value) === keyOf(row);
  const choose = () => {
    selection.value = select(selection.value, target);
  };
  return (
    <div
      class={`target ${row.part === undefined ? 'object' : 'part'} ${hidden ? 'dimmed' : ''}`}
      role="treeitem"
      aria-level={row.part === undefined ? 1 : 2}
      aria-selected={chosen}
      tabIndex={0}
      data-testid={`target-${keyOf(row)}`}
      style={{ '--swatch': css(row.colour) }}
      onClick={choose}
      onDblClick={() => {
        naming.value = target;
      }}
      onKeyDown={event => {
        if (event.key === ' ') choose();
      }}
      onFocus={event => {
        if (event.target === event.currentTarget) choose();
      }}
    >
      <span class="swatch" />
      {editing ? (
        <NameField row={row} />
      ) : (
        <>
          <span class="name">{row.name}</span>
          <Facts row={row} />
          <Standing row={row} />
          <Controls row={row} target={target} />
          <ReviewNote target={target} />
        </>
      )}
    </div>
  );
}

function Facts({ row }: { row: TargetRow }) {
  return (
    <span class="facts numbers">
      {row.status === 'no voxel' ? (
        <span class="alarm" data-testid="problem">
          Too small to tell apart
        </span>
      ) : (
        <span title="points">{shortCount(row.points)} pts</span>
      )}
      <span>
        {row.clicks} {row.clicks === 1 ? 'click' : 'clicks'}
      </span>
      {row.confidence !== undefined && <span title="Mean confidence">{Math.round(100 * row.confidence)} %</span>}
    </span>
  );
}

/** What is out of the ordinary about a target, in sight without a pointer on it. */
function Standing({ row }: { row: TargetRow }) {
  return (
    <span class="standing" aria-hidden="true">
      {row.locked && <Icon node={Lock} />}
      {visibility.value.hidden.has(keyOf(row)) && <Icon node={EyeOff} />}
      {visibility.value.ghosted.has(keyOf(row)) && <Icon node={Ghost} />}
      {visibility.value.isolated === keyOf(row) && <Icon node={Focus} />}
    </span>
  );
}

function Controls({ row, target }: { row: TargetRow; target: TargetId }) {
  const view = visibility.value;
  const stop = (act: () => void) => (event: MouseEvent) => {
    event.stopPropagation();
    act();
  };
  const hidden = view.hidden.has(keyOf(row));
  return (
    <span class="controls">
      <IconButton
        small
        tip="none"
        icon={row.locked ? Lock : LockOpen}
        label={row.locked ? 'Unlock' : 'Lock'}
        pressed={row.locked}
        testId={`lock-${keyOf(row)}`}
        onClick={stop(() => setLock(target, !row.locked))}
      />
      <IconButton
        small
        tip="none"
        icon={Ghost}
        label="Ghost"
        pressed={isGhost(row, view, selection.value)}
        testId={`ghost-${keyOf(row)}`}
        onClick={stop(() => toggleGhost(target))}
      />
      <IconButton
        small
        tip="none"
        icon={Focus}
        label="Isolate"
        pressed={view.isolated === keyOf(row)}
        testId={`isolate-${keyOf(row)}`}
        onClick={stop(() => toggleIsolated(target))}
      />
      <IconButton
        small
        tip="none"
        icon={hidden ? EyeOff : Eye}
        label={hidden ? 'Show' : 'Hide'}
        pressed={hidden}
        testId={`hide-${keyOf(row)}`}
        onClick={stop(() => toggleHidden(target))}
      />
    </span>
  );
}

/** Arrow keys go from row to row. */
function moveFocus(event: KeyboardEvent): void {
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
  const all = [...(event.currentTarget as HTMLElement).querySelectorAll<HTMLElement>('[role=treeitem]')];
  const now = all.indexOf(document.activeElement as HTMLElement);
  all[now + (event.key === 'ArrowDown' ? 1 : -1)]?.focus();
  event.preventDefault();
}
