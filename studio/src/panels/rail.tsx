import { useSignal } from '@preact/signals';
import {
  ArrowUpFromLine,
  Brush,
  CircleDot,
  Lasso,
  Maximize,
  MousePointerClick,
  Palette,
  Pause,
  Play,
  ScanEye,
  Scissors,
} from 'lucide';
import { run } from '../input/actions';
import { set, settings } from '../state/settings';
import { clip, paused, tool, WHOLE } from '../state/studio';
import { COLOUR_MODES, type ColourMode } from '../viewer/shaders';
import { IconButton, Popover } from './controls';
import { Icon } from './icon';

export const MODE_NAMES: Record<ColourMode, string> = {
  labels: 'Labels',
  scan: 'Scan colours',
  height: 'Height',
  normals: 'Normals',
  uncertainty: 'Uncertainty',
};

type Open = 'colours' | 'points' | 'clip' | undefined;

/** Tools and view settings, at the left of the picture. */
export function Rail() {
  const open = useSignal<Open>(undefined);
  const toggle = (which: Open) => () => {
    open.value = open.value === which ? undefined : which;
  };
  const close = () => {
    open.value = undefined;
  };
  const { preview } = settings.value;
  const clipped = clip.value !== WHOLE;
  return (
    <div class="rail" role="toolbar" aria-label="Tools" aria-orientation="vertical">
      <IconButton
        icon={MousePointerClick}
        label="Click"
        tip="right"
        pressed={tool.value === 'click'}
        testId="tool-click"
        onClick={() => {
          tool.value = 'click';
        }}
      />
      <IconButton
        icon={Brush}
        label="Brush"
        action="brush"
        tip="right"
        pressed={tool.value === 'brush'}
        testId="tool-brush"
        onClick={() => run('brush')}
      />
      <IconButton
        icon={Lasso}
        label="Lasso"
        action="lasso"
        tip="right"
        pressed={tool.value === 'lasso'}
        testId="tool-lasso"
        onClick={() => run('lasso')}
      />
      <hr />
      <IconButton
        icon={ScanEye}
        label={preview ? 'Preview is on' : 'Preview is off'}
        action="preview"
        tip="right"
        pressed={preview}
        testId="preview"
        onClick={() => run('preview')}
      />
      <IconButton
        icon={paused.value ? Play : Pause}
        label={paused.value ? 'Answer clicks again' : 'Pause answers'}
        action="pause"
        tip="right"
        pressed={paused.value}
        testId="pause"
        onClick={() => run('pause')}
      />
      <hr />
      <div class="holder">
        <IconButton
          icon={Palette}
          label="Colours"
          action="colours"
          tip="right"
          expanded={open.value === 'colours'}
          testId="colours"
          onClick={toggle('colours')}
        />
        {open.value === 'colours' && <Colours onClose={close} />}
      </div>
      <div class="holder">
        <IconButton
          icon={CircleDot}
          label="Points"
          tip="right"
          expanded={open.value === 'points'}
          testId="points"
          onClick={toggle('points')}
        />
        {open.value === 'points' && <PointSettings onClose={close} />}
      </div>
      <div class="holder">
        <IconButton
          icon={Scissors}
          label="Clip box"
          action="clip"
          tip="right"
          expanded={open.value === 'clip'}
          pressed={clipped}
          testId="clip"
          onClick={toggle('clip')}
        />
        {open.value === 'clip' && <ClipSettings onClose={close} />}
      </div>
      <hr />
      <IconButton icon={Maximize} label="Whole scan" action="fit" tip="right" onClick={() => run('fit')} />
      <IconButton icon={ArrowUpFromLine} label="From above" action="top" tip="right" onClick={() => run('top')} />
    </div>
  );
}

function Colours({ onClose }: { onClose: () => void }) {
  return (
    <Popover label="Colours" onClose={onClose}>
      <div role="radiogroup" aria-label="Colour mode">
        {COLOUR_MODES.map(mode => (
          <button
            key={mode}
            type="button"
            role="radio"
            class="menu-item"
            aria-checked={settings.value.colourMode === mode}
            data-testid={`mode-${mode}`}
            onClick={() => set({ colourMode: mode })}
          >
            <span class={`mode-chip ${mode}`} />
            {MODE_NAMES[mode]}
          </button>
        ))}
      </div>
    </Popover>
  );
}

function PointSettings({ onClose }: { onClose: () => void }) {
  const { pointSize, eyeDome } = settings.value;
  return (
    <Popover label="Points" onClose={onClose}>
      <div class="setting">
        <label for="point-size">
          Size <output>{pointSize.toFixed(1)} ×</output>
        </label>
        <input
          id="point-size"
          class="slider"
          type="range"
          min={Math.log2(0.2)}
          max={Math.log2(6)}
          step={0.05}
          value={Math.log2(pointSize)}
          onInput={event => set({ pointSize: 2 ** event.currentTarget.valueAsNumber })}
        />
      </div>
      <button
        type="button"
        class="menu-item"
        role="switch"
        aria-checked={eyeDome}
        onClick={() => set({ eyeDome: !eyeDome })}
      >
        Shade edges
        <span class={`switch ${eyeDome ? 'on' : ''}`} />
      </button>
    </Popover>
  );
}

function ClipSettings({ onClose }: { onClose: () => void }) {
  const change = (side: 'low' | 'high', axis: number, value: number) => {
    const next = { low: [...clip.value.low], high: [...clip.value.high] };
    next[side][axis] =
      side === 'low' ? Math.min(value, next.high[axis] - 0.01) : Math.max(value, next.low[axis] + 0.01);
    clip.value = next;
  };
  return (
    <Popover label="Clip box" onClose={onClose}>
      <div class="setting">
        {['X', 'Y', 'Z'].map((name, axis) => (
          <div key={name} class="clip-axis">
            <span>{name}</span>
            {(['low', 'high'] as const).map(side => (
              <input
                key={side}
                class="slider"
                type="range"
                min={0}
                max={1}
                step={0.005}
                aria-label={`${name}, ${side === 'low' ? 'from' : 'to'}`}
                data-testid={`clip-${name.toLowerCase()}-${side}`}
                value={clip.value[side][axis]}
                onInput={event => change(side, axis, event.currentTarget.valueAsNumber)}
              />
            ))}
          </div>
        ))}
      </div>
      <button
        type="button"
        class="menu-item"
        disabled={clip.value === WHOLE}
        onClick={() => {
          clip.value = WHOLE;
        }}
      >
        <Icon node={Maximize} />
        Whole scan
      </button>
    </Popover>
  );
}
