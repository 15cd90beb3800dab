import { computed, signal } from '@preact/signals';
import type { ExportFormat, LabelSet, Review, Scene } from '../api/client';
import type { Saving } from './command-bus';
import { labelColours, recoloured } from './label-colours';
import { NOTHING, type Selection, type TargetId } from './selection';
import type { ClickRow, TargetRow } from './targets';
import { ALL_SHOWN, type Visibility } from './visibility';

/** The scene on the stage. */
export interface OpenScene {
  id: string;
  name: string;
  points: number;
  sample: boolean;
  /** World coordinate of the origin that positions are relative to. */
  origin: readonly [number, number, number];
}

export interface HistoryState {
  undo: boolean;
  redo: boolean;
}

export type Tool = 'click' | 'brush' | 'lasso';

export interface Clip {
  low: readonly number[];
  high: readonly number[];
}

export const WHOLE: Clip = { low: [0, 0, 0], high: [1, 1, 1] };

// What the server says; only its answers change these.
export const scene = signal<OpenScene | undefined>(undefined);
export const queue = signal<readonly Scene[]>([]);
export const exportFormats = signal<readonly ExportFormat[]>([]);
/** The tree as the server tells it. */
export const answered = signal<readonly TargetRow[]>([]);
export const clicks = signal<readonly ClickRow[]>([]);
export const history = signal<HistoryState>({ undo: false, redo: false });
export const labelSets = signal<readonly LabelSet[]>([]);
export const reviews = signal<readonly Review[]>([]);
export const saving = signal<Saving>('saved');
/** How long the last command took from here, and what the model took of it. */
export const answerMs = signal<number | undefined>(undefined);
export const modelMs = signal<number | undefined>(undefined);

/** The tree of objects and parts, in the colours of their labels where these have one. */
export const rows = computed(() => recoloured(answered.value, labelColours(labelSets.value)));

/** How far the scene on the stage is in the queue. */
export const sceneState = computed(() => queue.value.find(entry => entry.id === scene.value?.id)?.state);

// What the person at this page is doing.
export const selection = signal<Selection>(NOTHING);
export const visibility = signal<Visibility>(ALL_SHOWN);
export const clip = signal<Clip>(WHOLE);
export const tool = signal<Tool>('click');
export const paused = signal(false);
export const naming = signal<TargetId | undefined>(undefined);
export const chosenClick = signal<number | undefined>(undefined);
/** The panel of the rail that is open. */
export const railPanel = signal<'colours' | 'points' | 'clip' | undefined>(undefined);
/** Whether a reviewer is writing what is to be mended. */
export const commenting = signal(false);
export const exporting = signal(false);
export const touring = signal(false);
export const sheet = signal<'shortcuts' | 'folders' | 'labels' | undefined>(undefined);

/** What is being loaded, from 0 to 1, without a share where nobody knows; undefined when nothing is. */
export const loading = signal<{ text: string; share: number | undefined } | undefined>(undefined);
/** Why there is no scene, when something went wrong. */
export const trouble = signal<{ title: string; text: string } | undefined>(undefined);
export const uploads = signal<readonly { name: string; share: number }[]>([]);
export const exportsRunning = signal<ReadonlySet<string>>(new Set());

export const activeTarget = computed<TargetId | undefined>(() => {
  const { object, part } = selection.value;
  return object === undefined ? undefined : { object, part };
});
