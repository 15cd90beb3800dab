import { signal, useSignal } from '@preact/signals';
import { ChevronDown, ChevronLeft, ChevronRight, FolderOpen, Upload } from 'lucide';
import { useRef } from 'preact/hooks';
import type { Scene } from '../api/client';
import { run } from '../input/actions';
import { setSceneState, upload } from '../state/scene-commands';
import { set, settings } from '../state/settings';
import { queue, scene, sheet } from '../state/studio';
import { IconButton } from './controls';
import { Icon } from './icon';
import { Popover } from './popover';
import { Reading } from './reading';
import { SceneEntry, STATE_NAMES } from './scene-entry';
import './scene-picker.css';

/** Whether the queue is open. */
export const picking = signal(false);

/** The scene on the stage, the queue behind it, and the way to the next. */
export function ScenePicker() {
  const now = queue.value.find(entry => entry.id === scene.value?.id);
  return (
    <div class="scene-picker row-of-buttons">
      {scene.value && (
        <IconButton icon={ChevronLeft} label="Previous scene" action="previous" onClick={() => run('previous')} />
      )}
      <button
        type="button"
        class="scene-name"
        aria-expanded={picking.value}
        data-testid="scene-name"
        onClick={() => {
          picking.value = !picking.value;
        }}
      >
        {now && <span class={`dot ${now.state}`} role="img" aria-label={STATE_NAMES[now.state]} />}
        <span class="name">{scene.value?.name ?? 'Scenes'}</span>
        <Icon node={ChevronDown} />
      </button>
      {scene.value && (
        <IconButton
          icon={ChevronRight}
          label="Next scene"
          action="next"
          testId="next-scene"
          onClick={() => run('next')}
        />
      )}
      {picking.value && <Queue now={now} />}
    </div>
  );
}

function Queue({ now }: { now: Scene | undefined }) {
  const filter = useSignal('');
  const file = useRef<HTMLInputElement>(null);
  const wanted = filter.value.trim().toLowerCase();
  const close = () => {
    picking.value = false;
  };
  return (
    <Popover label="Scenes" class="scenes" onClose={close}>
      {queue.value.length > 6 && (
        <input
          class="field"
          placeholder="Find a scene"
          aria-label="Find a scene"
          value={filter.value}
          onInput={event => {
            filter.value = event.currentTarget.value;
          }}
        />
      )}
      {now && (
        <>
          <p class="menu-label">State of {now.name}</p>
          <div class="state-row" role="radiogroup" aria-label="State of the scene">
            {(Object.keys(STATE_NAMES) as Scene['state'][]).map(state => (
              <button
                key={state}
                type="button"
                role="radio"
                class="button quiet"
                aria-checked={now.state === state}
                data-testid={`state-${state}`}
                onClick={() => setSceneState(now.id, state)}
              >
                <span class={`dot ${state}`} />
                {STATE_NAMES[state]}
              </button>
            ))}
          </div>
        </>
      )}
      <p class="menu-label">Scenes</p>
      <div class="list">
        {queue.value
          .filter(entry => entry.name.toLowerCase().includes(wanted))
          .map(entry => (
            <SceneEntry key={entry.id} entry={entry} onOpen={close} />
          ))}
      </div>
      <hr class="menu-line" />
      <button type="button" class="menu-item" data-testid="upload" onClick={() => file.current?.click()}>
        <Icon node={Upload} />
        Add a scan from this computer
      </button>
      <button
        type="button"
        class="menu-item"
        onClick={() => {
          close();
          sheet.value = 'folders';
        }}
      >
        <Icon node={FolderOpen} />
        Add a scan from the server
      </button>
      <Reading />
      <hr class="menu-line" />
      <label class="owner">
        Your name
        <input
          class="field"
          value={settings.value.owner}
          placeholder="as others see it"
          maxLength={80}
          data-testid="owner"
          onInput={event => set({ owner: event.currentTarget.value })}
        />
      </label>
      <input
        ref={file}
        type="file"
        hidden
        multiple
        data-testid="upload-input"
        onChange={event => {
          close();
          void upload([...(event.currentTarget.files ?? [])]);
        }}
      />
    </Popover>
  );
}
