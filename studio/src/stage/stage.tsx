import { effect } from '@preact/signals';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Gizmo, turn } from '../panels/gizmo';
import { Hint } from '../panels/hint';
import { Legend } from '../panels/legend';
import { Rail } from '../panels/rail';
import { Readout } from '../panels/readout';
import { Tour } from '../panels/tour';
import { session } from '../state/session';
import { settings, theme } from '../state/settings';
import { clip, rows, scene, selection, tool, visibility } from '../state/studio';
import { paletteOf } from '../state/visibility';
import { Viewer } from '../viewer/viewer';
import { Blank } from './blank';
import { BrushRing } from './brush-ring';
import { ClickMenu } from './click-menu';
import { StageController } from './controller';
import { Crumbs } from './crumbs';
import { Markers } from './markers';
import { setStage } from './registry';
import { outline } from './stroke';
import './stage.css';

const ACCENTS = { dark: [0.58, 0.5, 1], light: [0.42, 0.34, 0.96] };
const GHOSTS = { dark: [0.38, 0.42, 0.52], light: [0.66, 0.69, 0.76] };

/** The picture of the scan with everything that lies on it. */
export function Stage() {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [viewer, setViewer] = useState<Viewer>();
  useEffect(() => {
    const made = new Viewer(canvas.current!);
    const controller = new StageController(made, canvas.current!);
    const forget = setStage({ viewer: made, controller });
    const unfollow = follow(made);
    const sizes = new ResizeObserver(([entry]) => made.resize(entry.contentRect.width, entry.contentRect.height));
    sizes.observe(canvas.current!.parentElement!);
    setViewer(made);
    return () => {
      sizes.disconnect();
      unfollow();
      forget();
      controller.dispose();
      made.dispose();
    };
  }, []);
  const open = scene.value !== undefined;
  return (
    <main class={`stage ${tool.value === 'brush' ? 'drawing' : ''}`}>
      <canvas ref={canvas} tabIndex={0} aria-label="The scan" data-testid="canvas" />
      {viewer && open && (
        <>
          <Markers viewer={viewer} />
          {outline.value.length > 1 && (
            <svg class="lasso-line" aria-hidden="true">
              <polygon points={outline.value.map(p => `${p.x},${p.y}`).join(' ')} />
            </svg>
          )}
          {tool.value === 'brush' && <BrushRing />}
          <Crumbs />
          <Rail />
          <Legend />
          <Gizmo viewer={viewer} />
          <Readout />
          <Hint />
          <Tour />
          <ClickMenu />
        </>
      )}
      {!open && <Blank />}
    </main>
  );
}

/** Keep the viewer in step with what the panels say. */
function follow(viewer: Viewer): () => void {
  const stops = [
    effect(() => viewer.setPalette(paletteOf(rows.value, visibility.value, selection.value))),
    effect(() => viewer.setPointSize(settings.value.pointSize)),
    effect(() => viewer.setEyeDome(settings.value.eyeDome)),
    effect(() => {
      const mode = settings.value.colourMode;
      viewer.setLook({ mode, accent: ACCENTS[theme()], ghost: GHOSTS[theme()] });
      void session()?.refreshConfidence();
    }),
    effect(() => viewer.clipBox.set(clip.value.low, clip.value.high)),
  ];
  const turned = () => {
    const m = viewer.rig.camera.matrixWorldInverse.elements;
    turn.value = [m[0], m[1], m[2], m[4], m[5], m[6], m[8], m[9], m[10]];
  };
  viewer.onFrame.add(turned);
  return () => {
    for (const stop of stops) stop();
    viewer.onFrame.delete(turned);
  };
}
