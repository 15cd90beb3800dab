import { stage } from '../stage/registry';
import { accept, showActive, startComment, walk } from '../state/reviews';
import { openNeighbour } from '../state/scene-commands';
import type { TargetId } from '../state/selection';
import { freshObject, freshPart, leave, select } from '../state/selection';
import { redo, removeClick, setLock, setPaused, undo } from '../state/session-commands';
import { set, settings } from '../state/settings';
import {
  activeTarget,
  chosenClick,
  exporting,
  naming,
  paused,
  rows,
  selection,
  sheet,
  type Tool,
  tool,
} from '../state/studio';
import { grouped, rowOf } from '../state/targets';
import { say } from '../state/toasts';
import {
  nextColourMode,
  resizeBrush,
  resizePoints,
  showAll,
  toggleGhost,
  toggleHidden,
  toggleIsolated,
  toggleRailPanel,
} from '../state/view-commands';
import type { Action } from './keymap';

/** Do what an action means. */
export function run(action: Action): void {
  RUN[action]();
}

const RUN: Record<Action, () => void> = {
  undo,
  redo,
  rename: () => {
    naming.value = activeTarget.value;
  },
  remove: () => {
    if (chosenClick.value !== undefined) removeClick(chosenClick.value);
  },
  newObject: () => {
    selection.value = { level: 'object', object: undefined, part: undefined, entered: undefined };
    if (tool.value !== 'click') startPainted({ object: freshObject(rows.value), part: undefined });
  },
  newPart,
  level: toggleLevel,
  leave: () => {
    if (tool.value !== 'click') tool.value = 'click';
    else selection.value = leave(selection.value);
    chosenClick.value = undefined;
  },
  clickTool: () => {
    tool.value = 'click';
  },
  brush: () => takeTool('brush'),
  lasso: () => takeTool('lasso'),
  smallerBrush: () => resizeBrush(1 / 1.25),
  largerBrush: () => resizeBrush(1.25),
  pause: () => setPaused(!paused.value),
  preview: () => {
    set({ preview: !settings.value.preview });
    say(settings.value.preview ? 'Preview under the pointer is on' : 'Preview under the pointer is off');
  },
  hide: () => withActive(toggleHidden),
  isolate: () => withActive(toggleIsolated),
  ghost: () => withActive(toggleGhost),
  lock: () => withActive(target => setLock(target, !rowOf(rows.value, target)?.locked)),
  showAll,
  colours: nextColourMode,
  scanColours: () => undefined,
  smaller: () => resizePoints(1 / 1.2),
  larger: () => resizePoints(1.2),
  clip: () => toggleRailPanel('clip'),
  frame: showActive,
  nextObject: () => walk(1),
  previousObject: () => walk(-1),
  accept: () => withActive(target => void accept(target)),
  sendBack: () => withActive(startComment),
  focus: () => stage()?.controller.focus(),
  fit: () => stage()?.viewer.fit(),
  top: () => stage()?.viewer.lookAlong(0, -1.52),
  previous: () => openNeighbour(-1),
  next: () => openNeighbour(1),
  exports: () => {
    exporting.value = !exporting.value;
  },
  help: () => {
    sheet.value = 'shortcuts';
  },
};

/** The nth object from 1, or the nth part of the object that is worked on. */
export function selectNth(kind: 'object' | 'part', nth: number): void {
  const groups = grouped(rows.value);
  const object = selection.value.entered ?? selection.value.object;
  const row =
    kind === 'object' ? groups[nth - 1]?.object : groups.find(g => g.object.object === object)?.parts[nth - 1];
  if (row) selection.value = select(selection.value, { object: row.object, part: row.part });
}

function newPart(): void {
  const { entered } = selection.value;
  const object = entered ?? selection.value.object;
  if (object === undefined) {
    say('Select an object first, then start its part');
    return;
  }
  selection.value = { level: 'part', object, part: undefined, entered };
  if (tool.value !== 'click') startPainted({ object, part: freshPart(rows.value, object) });
}

/** A target that is made by painting has no click to bring it into being. */
function startPainted(target: TargetId): void {
  selection.value = { ...selection.value, ...target };
}

function toggleLevel(): void {
  const { level, object, entered } = selection.value;
  selection.value =
    level === 'object'
      ? { level: 'part', object, part: undefined, entered }
      : { level: 'object', object, part: undefined, entered: undefined };
}

function takeTool(which: Tool): void {
  tool.value = tool.value === which ? 'click' : which;
}

function withActive(act: (target: TargetId) => void): void {
  if (activeTarget.value) act(activeTarget.value);
  else say('Select an object or a part first');
}
