import type { Intent } from '../state/selection';
import { session } from '../state/session';
import { settings } from '../state/settings';
import { rows } from '../state/studio';
import { rowOf } from '../state/targets';
import { PREVIEW } from '../viewer/cloud';
import type { Viewer } from '../viewer/viewer';

interface Candidate {
  row: number;
  intent: Intent;
}

/** The pointer must rest this long before a preview is asked for. */
const REST = 70;

/** Shows what a click under the pointer would add; the latest question wins. */
export class Preview {
  private timer = 0;
  private shown = false;

  constructor(private readonly viewer: Viewer) {}

  request(find: () => Candidate | undefined): void {
    window.clearTimeout(this.timer);
    if (!settings.value.preview) return;
    this.timer = window.setTimeout(() => this.ask(find()), REST);
  }

  clear(): void {
    window.clearTimeout(this.timer);
    session()?.preview.forget();
    this.show([]);
  }

  private ask(candidate: Candidate | undefined): void {
    if (!candidate?.intent.positive || candidate.intent.object === 0) {
      this.clear();
      return;
    }
    const { object, part } = candidate.intent;
    session()?.preview.ask({ point: candidate.row, object, part: part ?? null }, found => {
      const own = rowOf(rows.value, { object, part })?.label;
      const labels = this.viewer.cloud?.arrays.labels;
      this.show(found.filter(row => labels?.[row] !== own));
    });
  }

  private show(rows: ArrayLike<number>): void {
    if (rows.length === 0 && !this.shown) return;
    this.shown = rows.length > 0;
    this.viewer.cloud?.mark(PREVIEW, rows);
    this.viewer.invalidate();
  }
}
