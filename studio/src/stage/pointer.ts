import type { GestureRecogniser, PointerSample } from '../input/gestures';

/** Feed the pointer events of an element to a recogniser; returns how to stop. Positions are in the element's pixels. */
export function feedGestures(
  element: HTMLElement,
  gestures: GestureRecogniser,
  wheel: (event: WheelEvent) => void,
): () => void {
  let space = false;
  const sample = (event: PointerEvent): PointerSample => {
    const box = element.getBoundingClientRect();
    return {
      x: event.clientX - box.left,
      y: event.clientY - box.top,
      button: event.button,
      time: event.timeStamp,
      shift: event.shiftKey,
      alt: event.altKey,
      mod: event.ctrlKey || event.metaKey,
      space,
    };
  };
  const stop = new AbortController();
  const on = <K extends keyof HTMLElementEventMap>(type: K, act: (event: HTMLElementEventMap[K]) => void) =>
    element.addEventListener(type, act, { signal: stop.signal, passive: false });
  on('pointerdown', event => {
    // Ctrl-click is a right click on a Mac, and means the background here.
    element.focus({ preventScroll: true });
    element.setPointerCapture(event.pointerId);
    gestures.down(sample(event));
  });
  on('pointermove', event => gestures.move(sample(event)));
  on('pointerup', event => gestures.up(sample(event)));
  on('pointercancel', () => gestures.cancel());
  on('contextmenu', event => event.preventDefault());
  on('wheel', event => {
    event.preventDefault();
    wheel(event);
  });
  const key = (event: KeyboardEvent) => {
    if (event.code !== 'Space') return;
    space = event.type === 'keydown';
    if (event.target === element) event.preventDefault();
  };
  window.addEventListener('keydown', key, { signal: stop.signal });
  window.addEventListener('keyup', key, { signal: stop.signal });
  return () => stop.abort();
}
