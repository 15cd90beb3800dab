import { Download, LoaderCircle, Upload } from 'lucide';
import { useRef } from 'preact/hooks';
import { exportScene, uploadLabels } from '../state/scene-commands';
import { exportFormats, exporting, exportsRunning } from '../state/studio';
import { Icon } from './icon';
import { Popover } from './popover';
import './exports.css';

/** The formats the labels can be written in; always in the order of the scan's points. */
export function Exports() {
  const file = useRef<HTMLInputElement>(null);
  return (
    <Popover
      label="Export"
      onClose={() => {
        exporting.value = false;
      }}
    >
      <p class="menu-label">Every format keeps the order of the scan's points</p>
      <div class="export-list">
        {exportFormats.value.map(format => (
          <button
            key={format.id}
            type="button"
            class="menu-item export-item"
            data-testid={`export-${format.id}`}
            disabled={exportsRunning.value.has(format.id)}
            onClick={() => exportScene(format)}
          >
            <Icon
              node={exportsRunning.value.has(format.id) ? LoaderCircle : Download}
              class={exportsRunning.value.has(format.id) ? 'turning' : ''}
            />
            <span>
              {format.title}
              <small>{format.about}</small>
            </span>
          </button>
        ))}
      </div>
      <hr class="menu-line" />
      <button type="button" class="menu-item" onClick={() => file.current?.click()}>
        <Icon node={Upload} />
        Import labels
      </button>
      <input
        ref={file}
        type="file"
        hidden
        data-testid="import-input"
        onChange={event => {
          exporting.value = false;
          const [chosen] = event.currentTarget.files ?? [];
          if (chosen) void uploadLabels(chosen);
        }}
      />
    </Popover>
  );
}
