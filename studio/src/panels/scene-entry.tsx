import { Check } from 'lucide';
import type { Scene } from '../api/client';
import { openScene } from '../state/scene-commands';
import { scene } from '../state/studio';
import { shortCount } from '../state/targets';
import { Icon } from './icon';
import './scene-entry.css';

export const STATE_NAMES: Record<Scene['state'], string> = {
  todo: 'To do',
  in_work: 'In work',
  review: 'Review',
  done: 'Done',
};

/** A scene of the queue; a press opens it. */
export function SceneEntry({ entry, onOpen }: { entry: Scene; onOpen?: () => void }) {
  const open = entry.id === scene.value?.id;
  return (
    <button
      type="button"
      class="scene-entry"
      aria-current={open}
      data-testid={`scene-${entry.id}`}
      onClick={() => {
        onOpen?.();
        void openScene(entry.id);
      }}
    >
      <span class={`dot ${entry.state}`} />
      <span class="name">{entry.name}</span>
      <span class="about">{about(entry, open)}</span>
      <span class="state">{open ? <Icon node={Check} /> : STATE_NAMES[entry.state]}</span>
    </button>
  );
}

function about(entry: Scene, open: boolean): string {
  if (entry.owner && !open) return `With ${entry.owner}`;
  if (entry.points === null) return 'Not opened yet';
  if (entry.sent_back > 0) return `${entry.sent_back} sent back by the reviewer`;
  const share = entry.labelled === null ? '' : `, ${Math.round(100 * entry.labelled)} % labelled`;
  return `${shortCount(entry.points)} points${share}`;
}
