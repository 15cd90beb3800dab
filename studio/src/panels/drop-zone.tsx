import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { upload } from '../state/scene-commands';
import { uploads } from '../state/studio';
import { readingInWords } from './reading';
import './drop-zone.css';

/** A file that is dropped anywhere on the page is added to the scenes. */
export function DropZone() {
  const over = useSignal(false);
  const words = readingInWords();
  useEffect(() => {
    const stop = new AbortController();
    const { signal } = stop;
    const holdsFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;
    window.addEventListener(
      'dragover',
      event => {
        if (!holdsFiles(event)) return;
        event.preventDefault();
        over.value = true;
      },
      { signal },
    );
    window.addEventListener(
      'dragleave',
      event => {
        if (!event.relatedTarget) over.value = false;
      },
      { signal },
    );
    window.addEventListener(
      'drop',
      event => {
        over.value = false;
        if (!holdsFiles(event)) return;
        event.preventDefault();
        void upload([...(event.dataTransfer?.files ?? [])]);
      },
      { signal },
    );
    return () => stop.abort();
  }, [over]);
  return (
    <>
      {over.value && <div class="drop">Drop to add the scan{words && `, ${words}`}</div>}
      {uploads.value.length > 0 && (
        <div class="uploads" role="status" data-testid="uploads">
          {uploads.value.map(({ name, share }) => (
            <div key={name} class="upload">
              <span class="name">{name}</span>
              <span class="numbers">{Math.round(100 * share)} %</span>
              <div class="loading-bar">
                <div style={{ width: `${100 * share}%` }} />
              </div>
            </div>
          ))}
        </div>
      )}
    </>
  );
}
