import { effect, signal } from '@preact/signals';
import type { Reading } from '../api/client';
import type { Remapped } from '../input/keymap';
import type { ColourMode } from '../viewer/shaders';

/** What a person likes, kept in the browser. */
export interface Settings {
  theme: 'dark' | 'light' | 'system';
  pointSize: number;
  colourMode: ColourMode;
  eyeDome: boolean;
  preview: boolean;
  brushRadius: number;
  remapped: Remapped;
  toured: boolean;
  /** How others see who works on a scene. */
  owner: string;
  /** How the files of scans that are added are to be understood. */
  reading: Reading;
}

const KEY = 'pinpoint3d.settings';
const CLIENT = 'pinpoint3d.client';

const DEFAULTS: Settings = {
  theme: 'system',
  pointSize: 1,
  colourMode: 'labels',
  eyeDome: true,
  preview: true,
  brushRadius: 22,
  remapped: {},
  toured: false,
  owner: '',
  reading: { up: null, unit: 'm' },
};

export const settings = signal<Settings>(load());

export function set(change: Partial<Settings>): void {
  settings.value = { ...settings.value, ...change };
}

effect(() => {
  try {
    localStorage.setItem(KEY, JSON.stringify(settings.value));
  } catch {
    // A browser that stores nothing still works; it asks again next time.
  }
});

function load(): Settings {
  try {
    return { ...DEFAULTS, ...JSON.parse(localStorage.getItem(KEY) ?? '{}') };
  } catch {
    return DEFAULTS;
  }
}

const systemLight = window.matchMedia('(prefers-color-scheme: light)');
const systemTheme = signal<'dark' | 'light'>(systemLight.matches ? 'light' : 'dark');
systemLight.addEventListener('change', () => {
  systemTheme.value = systemLight.matches ? 'light' : 'dark';
});

export function theme(): 'dark' | 'light' {
  return settings.value.theme === 'system' ? systemTheme.value : settings.value.theme;
}

/** A random key by which the server knows this browser again, so that it gets its scene back after a reload. */
export function clientKey(): string {
  const stored = localStorage.getItem(CLIENT) ?? crypto.randomUUID();
  localStorage.setItem(CLIENT, stored);
  return stored;
}
