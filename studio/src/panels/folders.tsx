import { useSignal } from '@preact/signals';
import { CornerLeftUp, FileBox, Folder as FolderIcon } from 'lucide';
import { useEffect } from 'preact/hooks';
import { type Folder, listFolder } from '../api/client';
import { openServerPath } from '../state/scene-commands';
import { sheet } from '../state/studio';
import { messageOf } from '../state/toasts';
import { Dialog } from './dialog';
import { Icon } from './icon';
import './folders.css';

/** Scans in the folders that the server lets its visitors see. */
export function Folders() {
  const folder = useSignal<Folder | undefined>(undefined);
  const problem = useSignal('');
  const go = async (path?: string) => {
    try {
      folder.value = await listFolder(path);
      problem.value = '';
    } catch (error) {
      problem.value = messageOf(error);
    }
  };
  useEffect(() => void go(), []);
  const close = () => {
    sheet.value = undefined;
  };
  const here = folder.value;
  const empty = here && here.folders.length + here.scans.length === 0;
  return (
    <Dialog title="Scans on the server" onClose={close}>
      <div class="folder" data-testid="folders">
        {problem.value && <p class="faint">{problem.value}</p>}
        {here?.path && <p class="path">{here.path}</p>}
        {here?.path && (
          <button type="button" class="menu-item" onClick={() => void go(here.parent || undefined)}>
            <Icon node={CornerLeftUp} />
            Back
          </button>
        )}
        {here?.folders.map(path => (
          <button key={path} type="button" class="menu-item" onClick={() => void go(path)}>
            <Icon node={FolderIcon} />
            {lastOf(path)}
          </button>
        ))}
        {here?.scans.map(path => (
          <button
            key={path}
            type="button"
            class="menu-item"
            onClick={() => {
              close();
              void openServerPath(path);
            }}
          >
            <Icon node={FileBox} />
            {lastOf(path)}
          </button>
        ))}
        {empty && <p class="faint">No scans here. The server opens folders that it was started with: --allow DIR.</p>}
      </div>
    </Dialog>
  );
}

function lastOf(path: string): string {
  return path.split(/[\\/]/).pop() || path;
}
