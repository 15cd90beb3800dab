import { Vector3 } from 'three';
import type { PointerSample } from '../input/gestures';
import type { Viewer } from '../viewer/viewer';

const WHEEL_STEP = 0.0016;
/** A pinch on a trackpad arrives as small wheel steps with Ctrl. */
const PINCH_STEP = 0.011;

/** Turning, moving and zooming, always about the point of the scan under the pointer. */
export class Navigation {
  private pivot = new Vector3();
  private depth = 1;

  constructor(private readonly viewer: Viewer) {}

  start(at: PointerSample): void {
    this.pivot = this.pointUnder(at.x, at.y);
    this.depth = this.viewer.onScreen(this.pivot.toArray()).depth;
  }

  orbit(dx: number, dy: number): void {
    this.viewer.rig.orbit(this.pivot, dx, dy);
    this.viewer.moving();
  }

  pan(dx: number, dy: number): void {
    this.viewer.rig.pan(dx, dy, Math.max(this.depth, 0.01));
    this.viewer.moving();
  }

  wheel(event: WheelEvent, x: number, y: number): void {
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
    if (event.shiftKey && !event.ctrlKey) {
      this.depth = this.viewer.onScreen(this.pointUnder(x, y).toArray()).depth;
      this.pan(-event.deltaX * lines, -event.deltaY * lines);
      return;
    }
    const step = event.ctrlKey ? PINCH_STEP : WHEEL_STEP;
    const factor = Math.exp(Math.max(-0.5, Math.min(0.5, event.deltaY * lines * step)));
    this.viewer.rig.zoom(this.pointUnder(x, y), factor);
    this.viewer.moving();
  }

  /** Bring what is under the pointer to the middle, near enough to work on. */
  focus(x: number, y: number): void {
    const picked = this.viewer.pick(x, y);
    if (!picked) return;
    this.viewer.rig.focus(this.viewer.position(picked.row), Math.max(picked.depth * 0.5, 0.05));
    this.viewer.invalidate();
  }

  /** The point of the scan at a pixel, or one beside the scan at the depth of its middle. */
  private pointUnder(x: number, y: number): Vector3 {
    const picked = this.viewer.pick(x, y);
    if (picked) return this.viewer.position(picked.row);
    const { viewer } = this;
    const middle = viewer.cloud?.bounds.getCenter(new Vector3()) ?? new Vector3();
    const depth = Math.max(viewer.onScreen(middle.toArray()).depth, 0.1);
    return viewer.rig.unproject(x, y, viewer.view.width, depth);
  }
}
