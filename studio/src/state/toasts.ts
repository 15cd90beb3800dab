import { signal } from '@preact/signals';

export interface Toast {
  id: number;
  tone: 'info' | 'good' | 'bad';
  text: string;
  action: { label: string; run: () => void } | undefined;
}

const SHOWN = 5000;

export const toasts = signal<readonly Toast[]>([]);
let next = 1;

/** Say something in passing; what went wrong stays until it is read. */
export function say(text: string, tone: Toast['tone'] = 'info', action?: Toast['action']): void {
  if (toasts.value.some(toast => toast.text === text)) return;
  const toast = { id: next++, tone, text, action };
  toasts.value = [...toasts.value.slice(-3), toast];
  window.setTimeout(() => dismiss(toast.id), tone === 'bad' ? 2 * SHOWN : SHOWN);
}

export function dismiss(id: number): void {
  toasts.value = toasts.value.filter(toast => toast.id !== id);
}

/** What went wrong, as a sentence. */
export function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.charAt(0).toUpperCase() + text.slice(1);
}
