import { COLOUR_MODES } from '../viewer/shaders';
import type { TargetId } from './selection';
import { set, settings } from './settings';
import { railPanel, visibility } from './studio';
import { ALL_SHOWN, keyOf, toggled } from './visibility';

export function toggleHidden(target: TargetId): void {
  visibility.value = { ...visibility.value, hidden: toggled(visibility.value.hidden, keyOf(target)) };
}

export function toggleGhost(target: TargetId): void {
  visibility.value = { ...visibility.value, ghosted: toggled(visibility.value.ghosted, keyOf(target)) };
}

export function toggleIsolated(target: TargetId): void {
  const isolated = visibility.value.isolated === keyOf(target) ? undefined : keyOf(target);
  visibility.value = { ...visibility.value, isolated };
}

export function showAll(): void {
  visibility.value = ALL_SHOWN;
}

/** Open a panel of the rail, or close it. */
export function toggleRailPanel(panel: NonNullable<typeof railPanel.value>): void {
  railPanel.value = railPanel.value === panel ? undefined : panel;
}

export function resizePoints(factor: number): void {
  set({ pointSize: clamp(settings.value.pointSize * factor, 0.2, 6) });
}

export function resizeBrush(factor: number): void {
  set({ brushRadius: Math.round(clamp(settings.value.brushRadius * factor, 4, 160)) });
}

export function nextColourMode(): void {
  const now = COLOUR_MODES.indexOf(settings.value.colourMode);
  set({ colourMode: COLOUR_MODES[(now + 1) % COLOUR_MODES.length] });
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
