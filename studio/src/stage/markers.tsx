import { computed, signal } from '@preact/signals';
import { Minus, Plus } from 'lucide';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { Icon } from '../panels/icon';
import { chosenClick, clicks, rows, selection, visibility } from '../state/studio';
import { type ClickRow, css, nameOf, rowOf } from '../state/targets';
import { isHidden } from '../state/visibility';
import type { Viewer } from '../viewer/viewer';
import { clickMenu } from './click-menu';
import './markers.css';

/** A marker counts as covered when a point stands this share of its depth in front of it. */
const COVER = 0.02;
const RADIUS = 11;
/** Milliseconds of looking for covered markers at a time, so that many of them do not hold up the hand. */
const SLICE = 4;

const shown = computed(() => clicks.value.filter(click => !isHidden(click, visibility.value)));

/** The marker that is being dragged, and where its middle is. */
export const dragged = signal<{ place: number; x: number; y: number } | undefined>(undefined);

/** The click whose marker covers a pixel. */
export function clickUnder(viewer: Viewer, x: number, y: number): ClickRow | undefined {
  return shown.value.findLast(click => {
    const at = viewer.onScreen(click.xyz);
    return at.depth > 0 && Math.hypot(at.x - x, at.y - y) <= RADIUS;
  });
}

/**
 * The clicks as glyphs on the picture. The picture takes the pointer, so that a press on a glyph can still become a
 * double click; the keyboard reaches each glyph as a button.
 */
export function Markers({ viewer }: { viewer: Viewer }) {
  const root = useRef<HTMLDivElement>(null);
  useEffect(() => {
    let waiting = 0;
    const fade = (markers: HTMLElement[]) => {
      const until = performance.now() + SLICE;
      while (markers.length > 0 && performance.now() < until) fadeCovered(viewer, markers.pop()!);
      if (markers.length > 0) waiting = window.setTimeout(fade, 0, markers);
    };
    const follow = () => {
      if (!root.current) return; // the scene is being closed
      placeMarkers(viewer, root.current);
      window.clearTimeout(waiting);
      waiting = window.setTimeout(fade, 0, [...root.current.children]);
    };
    viewer.onFrame.add(follow);
    return () => {
      window.clearTimeout(waiting);
      viewer.onFrame.delete(follow);
    };
  }, [viewer]);
  // Before the browser paints: a new marker must not be seen in the corner until the next frame of the picture.
  useLayoutEffect(() => placeMarkers(viewer, root.current!));
  return (
    <div ref={root} class="overlay markers">
      {shown.value.map(click => (
        <Marker key={click.place} click={click} />
      ))}
    </div>
  );
}

function Marker({ click }: { click: ClickRow }) {
  const row = rowOf(rows.value, click) ?? rowOf(rows.value, { object: click.object, part: undefined });
  const { entered } = selection.value;
  const aside = entered !== undefined && click.object !== entered;
  const held = dragged.value?.place === click.place ? dragged.value : undefined;
  return (
    <button
      type="button"
      class={`marker ${click.positive ? '' : 'negative'} ${chosenClick.value === click.place ? 'chosen' : ''} ${aside ? 'aside' : ''}`}
      style={{ '--marker': row ? css(row.colour) : '#8a8f9a' }}
      data-testid={`click-${click.place}`}
      data-xyz={click.xyz.join(' ')}
      data-held={held && `${held.x} ${held.y}`}
      aria-label={`Click ${click.place + 1}: ${click.positive ? '' : 'not '}${nameOf(rows.value, click)}`}
      onFocus={() => {
        chosenClick.value = click.place;
      }}
      onClick={event => {
        const box = event.currentTarget.getBoundingClientRect();
        clickMenu.value = { place: click.place, x: box.right, y: box.bottom };
      }}
    >
      <Icon node={click.positive ? Plus : Minus} />
    </button>
  );
}

function placeMarkers(viewer: Viewer, root: HTMLElement): void {
  for (const marker of root.children as HTMLCollectionOf<HTMLElement>) {
    const { held, xyz } = marker.dataset;
    if (held) {
      const [x, y] = held.split(' ');
      marker.style.transform = `translate(${x}px, ${y}px)`;
      continue;
    }
    const at = viewer.onScreen(xyz!.split(' ').map(Number));
    const inFront = at.depth > 0;
    marker.style.display = inFront ? '' : 'none';
    if (!inFront) continue;
    marker.style.transform = `translate(${at.x}px, ${at.y}px)`;
  }
}

function fadeCovered(viewer: Viewer, marker: HTMLElement): void {
  if (marker.style.display === 'none') return;
  const at = viewer.onScreen(marker.dataset.xyz!.split(' ').map(Number));
  const picked = viewer.pick(at.x, at.y);
  marker.classList.toggle('behind', !!picked && picked.depth < at.depth * (1 - COVER));
}
