import { Upload } from 'lucide';
import { useRef } from 'preact/hooks';
import { Icon } from '../panels/icon';
import { Reading } from '../panels/reading';
import { SceneEntry } from '../panels/scene-entry';
import { Logo } from '../panels/topbar';
import { upload } from '../state/scene-commands';
import { loading, queue, trouble } from '../state/studio';
import '../panels/hint.css';
import './blank.css';

/** The rest of the queue is in the list at the top. */
const SHOWN = 6;

/** What is seen while there is no scene: it loads, something is wrong, or there is a choice to make. */
export function Blank() {
  const file = useRef<HTMLInputElement>(null);
  if (loading.value) {
    const { text, share } = loading.value;
    // Once the scan has come it is in the picture, and can be turned.
    return share === undefined ? (
      <div class="hint reading" role="status" data-testid="loading">
        <span>{text}</span>
        <div class="loading-bar endless">
          <div />
        </div>
      </div>
    ) : (
      <div class="blank" role="status" data-testid="loading">
        <p>{text}</p>
        <div class="loading-bar">
          <div style={{ width: `${Math.round(100 * share)}%` }} />
        </div>
      </div>
    );
  }
  return (
    <div class="blank" data-testid="blank">
      <span class="blank-logo">
        <Logo />
      </span>
      <h1>{trouble.value?.title ?? 'Cut a scan into objects and parts'}</h1>
      {trouble.value ? (
        <p data-testid="trouble">{trouble.value.text}</p>
      ) : (
        <p>Choose a scene, or drop a file here: PLY, PCD, LAS, LAZ, E57, OBJ, GLB, STL and more.</p>
      )}
      {queue.value.length > 0 && (
        <div class="blank-scenes">
          {queue.value.slice(0, SHOWN).map(entry => (
            <SceneEntry key={entry.id} entry={entry} />
          ))}
        </div>
      )}
      <button type="button" class="button" onClick={() => file.current?.click()}>
        <Icon node={Upload} />
        Choose a file
      </button>
      <Reading />
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
