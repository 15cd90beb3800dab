import type { Reading as Understood } from '../api/client';
import { set, settings } from '../state/settings';
import './reading.css';

const AXES = { '': 'As its format has it', z: 'z', y: 'y', x: 'x', '-z': '−z', '-y': '−y', '-x': '−x' };
const UNITS = { m: 'metres', cm: 'centimetres', mm: 'millimetres', in: 'inches', ft: 'feet' };

/** How the file of a scan that is added is understood: which axis points up, and what a length of one is. */
export function Reading() {
  const { up, unit } = settings.value.reading;
  const change = (part: Partial<Understood>) => set({ reading: { ...settings.value.reading, ...part } });
  return (
    <div class="reading">
      <label>
        Up
        <select
          class="field"
          data-testid="up"
          value={up ?? ''}
          onChange={event => change({ up: (event.currentTarget.value || null) as Understood['up'] })}
        >
          {Object.entries(AXES).map(([axis, name]) => (
            <option key={axis} value={axis}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <label>
        Unit
        <select
          class="field"
          data-testid="unit"
          value={unit}
          onChange={event => change({ unit: event.currentTarget.value as Understood['unit'] })}
        >
          {Object.entries(UNITS).map(([short, name]) => (
            <option key={short} value={short}>
              {name}
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}

/** The same in words; nothing where it is as most files have it. */
export function readingInWords(): string {
  const { up, unit } = settings.value.reading;
  const axis = up ? `${AXES[up]} up` : '';
  const length = unit !== 'm' ? `in ${UNITS[unit]}` : '';
  return [axis, length].filter(Boolean).join(', ');
}
