import { answerMs, modelMs, scene } from '../state/studio';
import { inFull } from '../state/targets';
import './readout.css';

/** Figures about the scene and the last answer. */
export function Readout() {
  return (
    <div class="readout" data-testid="readout" data-model-ms={modelMs.value}>
      {inFull.format(scene.value?.points ?? 0)} points
      {answerMs.value !== undefined && <> · {Math.round(answerMs.value)} ms</>}
    </div>
  );
}
