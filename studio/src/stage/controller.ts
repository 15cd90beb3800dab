import { type DragKind, GestureRecogniser, type PointerSample } from '../input/gestures';
import { type Intent, intentOf, select, type TargetId, Unclear } from '../state/selection';
import { clickAt, moveClick, stepInto } from '../state/session-commands';
import { chosenClick, rows, scene, selection, tool } from '../state/studio';
import { say } from '../state/toasts';
import type { Viewer } from '../viewer/viewer';
import { clickMenu } from './click-menu';
import { clickUnder, dragged } from './markers';
import { Navigation } from './navigation';
import { feedGestures } from './pointer';
import { Preview } from './preview';
import { Stroke } from './stroke';

/** The pointer must leave a click by so many pixels before there are previews again. */
const STIRRED = 8;

/** Turns what the hand does on the picture into camera moves, clicks and strokes. */
export class StageController {
  readonly preview: Preview;
  private readonly navigation: Navigation;
  private readonly stroke: Stroke;
  private readonly stop: () => void;
  /** Where the pointer is, for keys that are about what lies under it. */
  private pointer = { x: 0, y: 0 };
  /** The target that lay under the first press of a double click, before that press changed it. */
  private before: TargetId | undefined;
  /** Whether that press made a click. */
  private clicked = false;
  private clickedAt: { x: number; y: number } | undefined;
  private markerDragged: number | undefined;

  constructor(
    private readonly viewer: Viewer,
    private readonly canvas: HTMLCanvasElement,
  ) {
    this.navigation = new Navigation(viewer);
    this.stroke = new Stroke(viewer);
    this.preview = new Preview(viewer);
    const gestures = new GestureRecogniser(
      {
        click: at => this.click(at),
        doubleClick: () => this.doubleClick(),
        menu: at => this.menu(at),
        dragStart: (kind, at) => this.dragStart(kind, at),
        drag: (kind, at, dx, dy) => this.drag(kind, at, dx, dy),
        dragEnd: (kind, at, cancelled) => this.dragEnd(kind, at, cancelled),
        hover: at => this.hover(at),
      },
      () => tool.value !== 'click',
    );
    const unfeed = feedGestures(canvas, gestures, event => {
      this.navigation.wheel(event, event.offsetX, event.offsetY);
      this.preview.clear();
    });
    const leave = () => this.preview.clear();
    canvas.addEventListener('pointerleave', leave);
    this.stop = () => {
      unfeed();
      canvas.removeEventListener('pointerleave', leave);
    };
  }

  focus(): void {
    this.navigation.focus(this.pointer.x, this.pointer.y);
  }

  dispose(): void {
    this.stop();
    this.preview.clear();
  }

  private click(at: PointerSample): void {
    if (!scene.value || tool.value !== 'click') return;
    this.preview.clear();
    const marker = at.shift || at.mod || at.alt ? undefined : clickUnder(this.viewer, at.x, at.y);
    chosenClick.value = marker?.place;
    if (marker) {
      this.before = { object: marker.object, part: marker.part };
      this.clicked = false;
      return;
    }
    const picked = this.viewer.pick(at.x, at.y);
    if (!picked) {
      say('There is no point of the scan here');
      return;
    }
    this.before = this.targetOf(picked.row);
    if (at.alt) {
      if (this.before) selection.value = select(selection.value, this.before);
      return;
    }
    const intent = this.intent(picked.row, at);
    this.clicked = intent !== undefined;
    this.clickedAt = { x: at.x, y: at.y };
    if (intent) clickAt(picked.row, intent);
  }

  /** A right press on a marker opens what can be done with its click. */
  private menu(at: PointerSample): void {
    const click = clickUnder(this.viewer, at.x, at.y);
    if (!click) return;
    const box = this.canvas.getBoundingClientRect();
    chosenClick.value = click.place;
    clickMenu.value = { place: click.place, x: box.left + at.x, y: box.top + at.y };
  }

  private doubleClick(): void {
    if (tool.value === 'click') stepInto(this.before, this.clicked);
  }

  private hover(at: PointerSample): void {
    // Where a click was just made its own mask is seen, and no preview of the next.
    const resting = this.clickedAt && Math.hypot(at.x - this.clickedAt.x, at.y - this.clickedAt.y) < STIRRED;
    this.pointer = { x: at.x, y: at.y };
    if (resting) return;
    this.clickedAt = undefined;
    if (tool.value !== 'click' || !scene.value) return;
    this.canvas.classList.toggle('over-marker', clickUnder(this.viewer, at.x, at.y) !== undefined);
    this.preview.request(() => {
      const picked = this.viewer.pick(at.x, at.y);
      const intent = picked && this.intent(picked.row, at, true);
      return picked && intent ? { row: picked.row, intent } : undefined;
    });
  }

  private dragStart(kind: DragKind, at: PointerSample): void {
    this.preview.clear();
    const marker = kind === 'orbit' ? clickUnder(this.viewer, at.x, at.y) : undefined;
    this.markerDragged = marker?.place;
    if (marker) chosenClick.value = marker.place;
    else if (kind === 'stroke') this.stroke.start(at);
    else {
      this.navigation.start(at);
      this.canvas.parentElement?.classList.add('orbiting');
    }
  }

  private drag(kind: DragKind, at: PointerSample, dx: number, dy: number): void {
    this.pointer = { x: at.x, y: at.y };
    if (this.markerDragged !== undefined) {
      dragged.value = { place: this.markerDragged, ...this.pointer };
      this.viewer.invalidate();
    } else if (kind === 'stroke') this.stroke.extend(at);
    else if (kind === 'pan') this.navigation.pan(dx, dy);
    else this.navigation.orbit(dx, dy);
  }

  private dragEnd(kind: DragKind, at: PointerSample, cancelled: boolean): void {
    if (this.markerDragged !== undefined) this.dropMarker(this.markerDragged, at, cancelled);
    else if (kind === 'stroke') this.stroke.end(cancelled);
    this.canvas.parentElement?.classList.remove('orbiting');
  }

  /** Move the click to the point of the scan its marker is dropped on. */
  private dropMarker(place: number, at: PointerSample, cancelled: boolean): void {
    const picked = cancelled ? undefined : this.viewer.pick(at.x, at.y);
    this.markerDragged = undefined;
    dragged.value = undefined;
    if (picked) moveClick(place, picked.row);
    this.viewer.invalidate();
  }

  private intent(row: number, at: PointerSample, quiet = false): Intent | undefined {
    try {
      return intentOf(selection.value, this.targetOf(row), rows.value, at);
    } catch (error) {
      if (!(error instanceof Unclear)) throw error;
      if (!quiet) say(error.message);
      return undefined;
    }
  }

  private targetOf(row: number): TargetId | undefined {
    const label = this.viewer.cloud?.arrays.labels[row];
    const found = label ? rows.value.find(each => each.label === label) : undefined;
    return found && { object: found.object, part: found.part };
  }
}
