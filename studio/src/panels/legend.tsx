import { settings } from '../state/settings';
import { MODE_NAMES } from './view-settings';
import './legend.css';

const ENDS: Partial<Record<string, readonly [string, string]>> = {
  height: ['low', 'high'],
  uncertainty: ['sure', 'unsure'],
};

/** What the colours mean, where they are a measure. */
export function Legend() {
  const mode = settings.value.colourMode;
  const ends = ENDS[mode];
  if (!ends) return null;
  return (
    <div class="legend" data-testid="legend">
      <span>{MODE_NAMES[mode]}</span>
      <div class="ramp" />
      <div class="ends">
        <span>{ends[0]}</span>
        <span>{ends[1]}</span>
      </div>
    </div>
  );
}
