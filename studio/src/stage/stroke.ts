import { signal } from '@preact/signals';
import type { PointerSample } from '../input/gestures';
import type { ScreenPoint } from '../picking/region';
import { paint } from '../state/session-commands';
import { settings } from '../state/settings';
import { activeTarget, rows, tool } from '../state/studio';
import { say } from '../state/toasts';
import { STROKE } from '../viewer/cloud';
import type { Viewer } from '../viewer/viewer';

/** The outline being drawn with the lasso. */
export const outline = signal<readonly ScreenPoint[]>([]);

/** A stroke of the brush or the lasso over the points in sight, given to the active target when it ends. */
export class Stroke {
  private readonly taken = new Set<number>();
  private last: ScreenPoint | undefined;
  private erase = false;

  constructor(private readonly viewer: Viewer) {}

  start(at: PointerSample): void {
    this.taken.clear();
    this.last = undefined;
    this.erase = at.shift;
    outline.value = tool.value === 'lasso' ? [at] : [];
    this.extend(at);
  }

  extend(at: PointerSample): void {
    if (tool.value === 'lasso') {
      outline.value = [...outline.value, { x: at.x, y: at.y }];
      return;
    }
    const radius = settings.value.brushRadius;
    const from = this.last ?? at;
    const steps = Math.max(1, Math.ceil(Math.hypot(at.x - from.x, at.y - from.y) / (radius * 0.7)));
    for (let step = 1; step <= steps; step++) {
      const share = step / steps;
      this.take(
        this.viewer.rowsInCircle({ x: from.x + share * (at.x - from.x), y: from.y + share * (at.y - from.y) }, radius),
      );
    }
    this.last = { x: at.x, y: at.y };
  }

  end(cancelled: boolean): void {
    if (tool.value === 'lasso') this.take(this.viewer.rowsInOutline(outline.value));
    outline.value = [];
    this.viewer.cloud?.mark(STROKE, []);
    this.viewer.invalidate();
    const target = activeTarget.value;
    if (cancelled || this.taken.size === 0) return;
    if (!target) say('Select an object or part to paint: press N for a new object', 'bad');
    else paint(target, Uint32Array.from(this.taken).sort(), this.erase);
  }

  /** Add points to the stroke; those of a locked target stay as they are. */
  private take(found: readonly number[]): void {
    const { cloud } = this.viewer;
    if (!cloud) return;
    const locked = new Set(rows.value.filter(row => row.locked).map(row => row.label));
    const fresh = found.filter(row => !this.taken.has(row) && !locked.has(cloud.arrays.labels[row]));
    for (const row of fresh) this.taken.add(row);
    cloud.addMark(STROKE, fresh);
    this.viewer.invalidate();
  }
}
