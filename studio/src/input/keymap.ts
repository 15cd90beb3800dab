/** Everything a key can do, with its keys as they come; `group` and `label` make the shortcuts sheet. */
export const ACTIONS = {
  undo: { group: 'Edit', label: 'Undo', keys: ['Mod+Z'] },
  redo: { group: 'Edit', label: 'Redo', keys: ['Mod+Shift+Z', 'Mod+Y'] },
  rename: { group: 'Edit', label: 'Rename the active target', keys: ['Enter', 'F2'] },
  remove: { group: 'Edit', label: 'Remove the selected click', keys: ['Delete', 'Backspace'] },
  newObject: { group: 'Targets', label: 'Start a new object', keys: ['N'] },
  newPart: { group: 'Targets', label: 'Start a new part', keys: ['P'] },
  level: { group: 'Targets', label: 'Objects or parts', keys: ['Tab'] },
  leave: { group: 'Targets', label: 'Leave the object, or let go of the target', keys: ['Escape'] },
  clickTool: { group: 'Tools', label: 'Clicks, instead of brush or lasso', keys: ['Q'] },
  brush: { group: 'Tools', label: 'Brush', keys: ['B'] },
  lasso: { group: 'Tools', label: 'Lasso', keys: ['K'] },
  smallerBrush: { group: 'Tools', label: 'Smaller brush', keys: [','] },
  largerBrush: { group: 'Tools', label: 'Larger brush', keys: ['.'] },
  pause: { group: 'Tools', label: 'Pause or go on answering clicks', keys: ['A'] },
  preview: { group: 'Tools', label: 'Preview under the pointer on or off', keys: ['V'] },
  hide: { group: 'View', label: 'Hide or show the target', keys: ['H'] },
  isolate: { group: 'View', label: 'Isolate the target', keys: ['I'] },
  ghost: { group: 'View', label: 'Ghost the target', keys: ['G'] },
  lock: { group: 'View', label: 'Lock the target', keys: ['L'] },
  showAll: { group: 'View', label: 'Show everything again', keys: ['Shift+H'] },
  colours: { group: 'View', label: 'Next colour mode', keys: ['C'] },
  scanColours: { group: 'View', label: 'Hold for the colours of the scan', keys: ['O'] },
  smaller: { group: 'View', label: 'Smaller points', keys: ['-'] },
  larger: { group: 'View', label: 'Larger points', keys: ['='] },
  clip: { group: 'View', label: 'Clip box', keys: ['X'] },
  frame: { group: 'Camera', label: 'Bring the active target into view', keys: ['Z'] },
  focus: { group: 'Camera', label: 'Focus what is under the pointer', keys: ['F'] },
  fit: { group: 'Camera', label: 'Show the whole scan', keys: ['Home', 'Shift+F'] },
  top: { group: 'Camera', label: 'Look from above', keys: ['T'] },
  nextObject: { group: 'Review', label: 'Next object', keys: ['PageDown'] },
  previousObject: { group: 'Review', label: 'Previous object', keys: ['PageUp'] },
  accept: { group: 'Review', label: 'Accept the active target, go on', keys: ['Y'] },
  sendBack: { group: 'Review', label: 'Send the active target back', keys: ['R'] },
  previous: { group: 'Scenes', label: 'Previous scene', keys: ['['] },
  next: { group: 'Scenes', label: 'Next scene', keys: [']'] },
  exports: { group: 'Scenes', label: 'Export', keys: ['Mod+E'] },
  help: { group: 'Help', label: 'Shortcuts', keys: ['?'] },
} as const satisfies Record<string, { group: string; label: string; keys: readonly string[] }>;

export type Action = keyof typeof ACTIONS;

/** Chords of the actions that a person has changed. */
export type Remapped = Partial<Record<Action, string[]>>;

export interface KeyLike {
  key: string;
  code: string;
  ctrlKey: boolean;
  metaKey: boolean;
  shiftKey: boolean;
  altKey: boolean;
}

/** `Mod+Shift+Z` and the like; undefined while only modifiers are down. */
export function chordOf(event: KeyLike): string | undefined {
  if (['Control', 'Shift', 'Alt', 'Meta', 'AltGraph', 'Dead', 'Unidentified'].includes(event.key)) return undefined;
  const digit = /^Digit(\d)$/.exec(event.code);
  const letter = /^Key([A-Z])$/.exec(event.code);
  // With Alt a key gives another character on some systems; its place on the keyboard does not change.
  const key = event.altKey && (digit ?? letter) ? (digit ?? letter)![1] : named(event.key);
  const symbol = key.length === 1 && !/[A-Z0-9]/.test(key);
  const parts = [];
  if (event.ctrlKey || event.metaKey) parts.push('Mod');
  if (event.altKey) parts.push('Alt');
  // Shift is already in a symbol such as "?".
  if (event.shiftKey && !symbol) parts.push('Shift');
  return [...parts, key].join('+');
}

function named(key: string): string {
  if (key === ' ') return 'Space';
  return key.length === 1 ? key.toUpperCase() : key;
}

export function keysOf(action: Action, remapped: Remapped): readonly string[] {
  return remapped[action] ?? ACTIONS[action].keys;
}

/** Which action a chord means. */
export function actionOf(chord: string, remapped: Remapped): Action | undefined {
  return (Object.keys(ACTIONS) as Action[]).find(action => keysOf(action, remapped).includes(chord));
}

/** Give an action one chord; it is taken from the action that had it. */
export function remap(remapped: Remapped, action: Action, chord: string): Remapped {
  const next: Remapped = { ...remapped };
  const before = actionOf(chord, remapped);
  if (before && before !== action) next[before] = keysOf(before, remapped).filter(key => key !== chord);
  next[action] = [chord];
  return next;
}

/** How a chord is written on a keycap of this machine. */
export function keycaps(chord: string, mac: boolean): string[] {
  const written: Record<string, string> = mac
    ? { Mod: '⌘', Alt: '⌥', Shift: '⇧', Enter: '↵', Escape: 'esc', Tab: '⇥', Delete: '⌦', Backspace: '⌫' }
    : { Mod: 'Ctrl', Enter: '↵', Escape: 'Esc', Backspace: '⌫', Delete: 'Del' };
  return chord.split('+').map(key => written[key] ?? key);
}
