import type { IconNode } from 'lucide';
import { type Action, keycaps, keysOf } from '../input/keymap';
import { settings } from '../state/settings';
import { Icon } from './icon';
import './controls.css';

export const MAC = /Mac|iPhone|iPad/.test(navigator.platform);

/** The keycaps of a chord. */
export function Chord({ chord }: { chord: string }) {
  return (
    <>
      {keycaps(chord, MAC).map(cap => (
        <kbd key={cap}>{cap}</kbd>
      ))}
    </>
  );
}

/** The keycaps of an action, as they are mapped now. */
export function Keys({ action }: { action: Action }) {
  const chord = keysOf(action, settings.value.remapped)[0];
  return chord ? <Chord chord={chord} /> : null;
}

export interface IconButtonProps {
  icon: IconNode;
  label: string;
  onClick: (event: MouseEvent) => void;
  action?: Action;
  pressed?: boolean;
  expanded?: boolean;
  disabled?: boolean;
  small?: boolean;
  tip?: 'below' | 'right' | 'none';
  testId?: string;
  class?: string;
}

/** A button that is only an icon: its label is read aloud, and shown with its key when the pointer rests on it. */
export function IconButton(props: IconButtonProps) {
  const { icon, label, action, tip = 'below', small = false } = props;
  return (
    <button
      type="button"
      class={`icon-button ${small ? 'small' : ''} ${props.class ?? ''}`}
      aria-label={label}
      aria-pressed={props.pressed}
      aria-expanded={props.expanded}
      disabled={props.disabled}
      data-testid={props.testId}
      title={tip === 'none' ? label : undefined}
      onClick={props.onClick}
    >
      <Icon node={icon} />
      {tip !== 'none' && (
        <span class={`tip ${tip}`} aria-hidden="true">
          {label}
          {action && <Keys action={action} />}
        </span>
      )}
    </button>
  );
}

interface SegmentedProps<T extends string> {
  label: string;
  options: readonly { value: T; text: string; icon: IconNode }[];
  value: T;
  onChange: (value: T) => void;
}

/** One choice of a few, all in sight. */
export function Segmented<T extends string>({ label, options, value, onChange }: SegmentedProps<T>) {
  return (
    <div class="segmented" role="radiogroup" aria-label={label}>
      {options.map(option => (
        <button
          key={option.value}
          type="button"
          role="radio"
          aria-checked={option.value === value}
          data-testid={`level-${option.value}`}
          onClick={() => onChange(option.value)}
        >
          <Icon node={option.icon} />
          {option.text}
        </button>
      ))}
    </div>
  );
}
