/** What a hand did, told apart from raw pointer events. Pure logic: no DOM, so that it can be tested. */
export interface Modifiers {
  shift: boolean;
  alt: boolean;
  /** Ctrl, or Cmd on a Mac. */
  mod: boolean;
  space: boolean;
}

export interface PointerSample extends Modifiers {
  x: number;
  y: number;
  /** 0 left, 1 middle, 2 right. */
  button: number;
  /** Milliseconds. */
  time: number;
}

export type DragKind = 'orbit' | 'pan' | 'stroke';

export interface GestureHandlers {
  click(at: PointerSample): void;
  doubleClick(at: PointerSample): void;
  menu(at: PointerSample): void;
  dragStart(kind: DragKind, at: PointerSample): void;
  drag(kind: DragKind, at: PointerSample, dx: number, dy: number): void;
  dragEnd(kind: DragKind, at: PointerSample, cancelled: boolean): void;
  hover(at: PointerSample): void;
}

/** A press that moves less than this many pixels is a click. */
export const CLICK_SLOP = 4;
const DOUBLE_TIME = 350;
const DOUBLE_SLOP = 6;

export class GestureRecogniser {
  private press: PointerSample | undefined;
  private last: PointerSample | undefined;
  private kind: DragKind | undefined;
  private clicked: PointerSample | undefined;

  constructor(
    private readonly handlers: GestureHandlers,
    /** Whether a plain left drag draws (brush, lasso) instead of turning the view. */
    private readonly draws: () => boolean,
  ) {}

  down(at: PointerSample): void {
    if (this.press) return;
    this.press = at;
    this.last = at;
  }

  move(at: PointerSample): void {
    if (!this.press || !this.last) {
      this.handlers.hover(at);
      return;
    }
    if (!this.kind) {
      if (Math.hypot(at.x - this.press.x, at.y - this.press.y) < CLICK_SLOP) return;
      this.kind = this.kindOf(this.press);
      this.handlers.dragStart(this.kind, this.press);
    }
    this.handlers.drag(this.kind, at, at.x - this.last.x, at.y - this.last.y);
    this.last = at;
  }

  up(at: PointerSample): void {
    const { press, kind } = this;
    this.reset();
    if (!press) return;
    if (kind) this.handlers.dragEnd(kind, at, false);
    else if (press.button === 2) this.handlers.menu(press);
    else if (press.button === 0 && !press.space) this.tap(press);
  }

  /** The system took the pointer away. */
  cancel(): void {
    const { kind, last } = this;
    this.reset();
    if (kind && last) this.handlers.dragEnd(kind, last, true);
  }

  get dragging(): boolean {
    return this.kind !== undefined;
  }

  private tap(at: PointerSample): void {
    const before = this.clicked;
    const plain = !at.shift && !at.alt && !at.mod;
    const again =
      plain &&
      before &&
      at.time - before.time < DOUBLE_TIME &&
      Math.hypot(at.x - before.x, at.y - before.y) < DOUBLE_SLOP;
    this.clicked = again || !plain ? undefined : at;
    if (again) this.handlers.doubleClick(at);
    else this.handlers.click(at);
  }

  private kindOf(press: PointerSample): DragKind {
    if (press.button !== 0 || press.space) return 'pan';
    return this.draws() && !press.alt ? 'stroke' : 'orbit';
  }

  private reset(): void {
    this.press = undefined;
    this.last = undefined;
    this.kind = undefined;
  }
}
