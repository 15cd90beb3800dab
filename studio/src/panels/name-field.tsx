import { useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { offers, rename } from '../state/session-commands';
import { naming } from '../state/studio';
import { completions, type TargetRow } from '../state/targets';
import './name-field.css';

/** Edits a name in place; names of the label set are offered as it is typed. */
export function NameField({ row }: { row: TargetRow }) {
  const input = useRef<HTMLInputElement>(null);
  const text = useSignal(row.name);
  const touched = useSignal(false);
  const chosen = useSignal(-1);
  useLayoutEffect(() => {
    input.current?.focus();
    input.current?.select();
  }, []);
  const found = completions(offers(row), touched.value ? text.value : '');

  const finish = (name: string | undefined) => {
    naming.value = undefined;
    const wanted = name?.trim();
    if (wanted && wanted !== row.name) rename(row, wanted);
    document.querySelector<HTMLElement>('.stage canvas')?.focus();
  };
  const keyDown = (event: KeyboardEvent) => {
    event.stopPropagation();
    if (event.key === 'Enter') finish(found[chosen.value] ?? text.value);
    else if (event.key === 'Escape') finish(undefined);
    else if (event.key === 'ArrowDown') chosen.value = Math.min(found.length - 1, chosen.value + 1);
    else if (event.key === 'ArrowUp') chosen.value = Math.max(-1, chosen.value - 1);
    else if (event.key === 'Tab' && found.length > 0) text.value = found[Math.max(0, chosen.value)];
    else return;
    event.preventDefault();
  };

  return (
    <span class="name-field">
      <input
        ref={input}
        value={text.value}
        aria-label={`Name of ${row.name}`}
        role="combobox"
        aria-expanded={found.length > 0}
        aria-controls="names-offered"
        data-testid="name-field"
        spellcheck={false}
        onInput={event => {
          text.value = event.currentTarget.value;
          touched.value = true;
          chosen.value = -1;
        }}
        onKeyDown={keyDown}
        onBlur={() => naming.value && finish(text.value)}
      />
      {found.length > 0 && (
        <div id="names-offered" class="names-offered" role="listbox">
          {found.map((name, k) => (
            <button
              key={name}
              type="button"
              class="menu-item"
              role="option"
              aria-selected={k === chosen.value}
              onPointerDown={event => {
                event.preventDefault();
                finish(name);
              }}
            >
              {name}
              {k === Math.max(0, chosen.value) && (
                <span class="end" aria-hidden="true">
                  <kbd>{chosen.value < 0 ? 'Tab' : 'Enter'}</kbd>
                </span>
              )}
            </button>
          ))}
        </div>
      )}
    </span>
  );
}
