import { Maximize } from 'lucide';
import { set, settings } from '../state/settings';
import { clip, WHOLE } from '../state/studio';
import { COLOUR_MODES, type ColourMode } from '../viewer/shaders';
import { Icon } from './icon';
import './view-settings.css';

export const MODE_NAMES: Record<ColourMode, string> = {
  labels: 'Labels',
  scan: 'Scan colours',
  height: 'Height',
  normals: 'Normals',
  uncertainty: 'Uncertainty',
};

/** What colours the points have. */
export function ColourSettings() {
  return (
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
  );
}

/** How points are drawn. */
export function PointSettings() {
  const { pointSize, eyeDome } = settings.value;
  return (
    <>
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
    </>
  );
}

/** The box outside of which nothing is drawn or picked. */
export function ClipSettings() {
  const change = (side: 'low' | 'high', axis: number, value: number) => {
    const next = { low: [...clip.value.low], high: [...clip.value.high] };
    next[side][axis] =
      side === 'low' ? Math.min(value, next.high[axis] - 0.01) : Math.max(value, next.low[axis] + 0.01);
    clip.value = next;
  };
  return (
    <>
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
    </>
  );
}
