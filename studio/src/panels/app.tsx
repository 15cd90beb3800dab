import { useEffect } from 'preact/hooks';
import { listenToKeys } from '../input/keyboard';
import { Stage } from '../stage/stage';
import { theme } from '../state/settings';
import { scene, sheet } from '../state/studio';
import { DropZone } from './drop-zone';
import { Folders } from './folders';
import { LabelSets } from './label-sets';
import { ReviewBar } from './review-bar';
import { Shortcuts } from './shortcuts';
import { TargetTree } from './target-tree';
import { Toasts } from './toasts';
import { TopBar } from './topbar';
import './app.css';

/** The whole page. */
export function App() {
  useEffect(listenToKeys, []);
  const chosen = theme();
  useEffect(() => {
    document.documentElement.dataset.theme = chosen;
  }, [chosen]);
  return (
    <div class={`studio ${scene.value ? '' : 'bare'}`}>
      <TopBar />
      <Stage />
      {scene.value && (
        <aside class="side" aria-label="Objects and parts">
          <TargetTree />
          <ReviewBar />
        </aside>
      )}
      <DropZone />
      <Toasts />
      {sheet.value === 'folders' && <Folders />}
      {sheet.value === 'labels' && <LabelSets />}
      {sheet.value === 'shortcuts' && (
        <Shortcuts
          onClose={() => {
            sheet.value = undefined;
          }}
        />
      )}
    </div>
  );
}
