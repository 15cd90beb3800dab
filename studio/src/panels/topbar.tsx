import {
  Box,
  CloudCheck,
  CloudOff,
  Download,
  Keyboard,
  LoaderCircle,
  Monitor,
  Moon,
  Puzzle,
  Redo2,
  Sun,
  Undo2,
} from 'lucide';
import { run } from '../input/actions';
import type { Level } from '../state/selection';
import { set, settings } from '../state/settings';
import { exporting, history, saving, scene, selection } from '../state/studio';
import { IconButton, Segmented } from './controls';
import { Exports } from './exports';
import { Icon } from './icon';
import { ScenePicker } from './scene-picker';
import './topbar.css';

const LEVELS = [
  { value: 'object', text: 'Objects', icon: Box },
  { value: 'part', text: 'Parts', icon: Puzzle },
] as const;

const THEMES = {
  system: { next: 'light', icon: Monitor, label: 'Theme of the system' },
  light: { next: 'dark', icon: Sun, label: 'Light theme' },
  dark: { next: 'system', icon: Moon, label: 'Dark theme' },
} as const;

/** Scene, level, history, export. */
export function TopBar() {
  const theme = THEMES[settings.value.theme];
  const open = scene.value !== undefined;
  return (
    <header class="topbar">
      <div class="start">
        <span class="brand">
          <Logo />
          PinPoint3D
        </span>
        <ScenePicker />
      </div>
      {open ? (
        <Segmented<Level>
          label="What clicks cut"
          options={LEVELS}
          value={selection.value.level}
          onChange={level => level !== selection.value.level && run('level')}
        />
      ) : (
        <span />
      )}
      <div class="end">
        {open && (
          <>
            <Saved />
            <span class="divider" />
            <IconButton
              icon={Undo2}
              label="Undo"
              action="undo"
              testId="undo"
              disabled={!history.value.undo}
              onClick={() => run('undo')}
            />
            <IconButton
              icon={Redo2}
              label="Redo"
              action="redo"
              testId="redo"
              disabled={!history.value.redo}
              onClick={() => run('redo')}
            />
            <span class="divider" />
          </>
        )}
        <IconButton icon={Keyboard} label="Shortcuts" action="help" testId="help" onClick={() => run('help')} />
        <IconButton icon={theme.icon} label={theme.label} testId="theme" onClick={() => set({ theme: theme.next })} />
        {open && (
          <div class="holder export-holder">
            <button
              type="button"
              class="button primary"
              data-testid="export"
              aria-expanded={exporting.value}
              onClick={() => run('exports')}
            >
              <Icon node={Download} />
              Export
            </button>
            {exporting.value && <Exports />}
          </div>
        )}
      </div>
    </header>
  );
}

/** Whether everything done so far is on the server's disk. */
function Saved() {
  const state = saving.value;
  const [icon, text] =
    state === 'saved'
      ? [CloudCheck, 'Saved']
      : state === 'saving'
        ? [LoaderCircle, 'Saving']
        : [CloudOff, 'Not connected'];
  const tone = state === 'saved' ? 'saved-ok' : state === 'offline' ? 'saved-bad' : '';
  return (
    <span class={`saved ${tone}`} role="status" data-testid="saved" data-state={state}>
      <Icon node={icon} class={state === 'saving' ? 'turning' : ''} />
      {text}
    </span>
  );
}

export function Logo() {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true">
      <path d="M16 2 4 9v14l12 7 12-7V9z" fill="#6a5cff" />
      <path d="M16 2 4 9l12 7 12-7z" fill="#a79eff" />
      <path d="M16 16v14l12-7V9z" fill="#4a3ddb" />
      <circle cx="16" cy="16" r="4.2" fill="#fff" />
    </svg>
  );
}
