import { Upload } from 'lucide';
import { useRef } from 'preact/hooks';
import { Icon } from '../panels/icon';
import { Logo } from '../panels/topbar';
import { openScene, upload } from '../state/scene-commands';
import { loading, queue, trouble } from '../state/studio';

/** What is seen while there is no scene: it loads, something is wrong, or there is a choice to make. */
export function Blank() {
  const file = useRef<HTMLInputElement>(null);
  if (loading.value) {
    const { text, share } = loading.value;
    return (
      <div class="blank" role="status" data-testid="loading">
        <p>{text}</p>
        <div class="loading-bar">
          <div style={{ width: `${Math.round(100 * share)}%` }} />
        </div>
      </div>
    );
  }
  const sample = queue.value.find(entry => entry.sample);
  return (
    <div class="blank" data-testid="blank">
      <span class="blank-logo">
        <Logo />
      </span>
      {trouble.value ? (
        <>
          <h1>{trouble.value.title}</h1>
          <p data-testid="trouble">{trouble.value.text}</p>
        </>
      ) : (
        <>
          <h1>Cut a scan into objects and parts</h1>
          <p>Drop a file here: PLY, PCD, LAS, LAZ, E57, OBJ, GLB, STL and more. Or begin with the sample room.</p>
        </>
      )}
      <span class="row-of-buttons">
        {sample && (
          <button
            type="button"
            class="button primary"
            data-testid="open-sample"
            onClick={() => void openScene(sample.id)}
          >
            Open the sample room
          </button>
        )}
        <button type="button" class="button" onClick={() => file.current?.click()}>
          <Icon node={Upload} />
          Choose a file
        </button>
      </span>
      <input
        ref={file}
        type="file"
        hidden
        multiple
        onChange={event => void upload([...(event.currentTarget.files ?? [])])}
      />
    </div>
  );
}
