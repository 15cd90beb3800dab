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
      <Choice
        label="Up"
        testId="up"
        names={AXES}
        value={up ?? ''}
        onChange={axis => change({ up: (axis || null) as Understood['up'] })}
      />
      <Choice
        label="Unit"
        testId="unit"
        names={UNITS}
        value={unit}
        onChange={short => change({ unit: short as Understood['unit'] })}
      />
    </div>
  );
}

interface ChoiceProps {
  label: string;
  testId: string;
  names: Record<string, string>;
  value: string;
  onChange: (value: string) => void;
}

function Choice({ label, testId, names, value, onChange }: ChoiceProps) {
  return (
    <label>
      {label}
      <select class="field" data-testid={testId} value={value} onChange={event => onChange(event.currentTarget.value)}>
        {Object.entries(names).map(([each, name]) => (
          <option key={each} value={each}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

/** The same in words; nothing where it is as most files have it. */
export function readingInWords(): string {
  const { up, unit } = settings.value.reading;
  const axis = up ? `${AXES[up]} up` : '';
  const length = unit !== 'm' ? `in ${UNITS[unit]}` : '';
  return [axis, length].filter(Boolean).join(', ');
}
