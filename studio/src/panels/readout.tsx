import { answerMs, modelMs, scene } from '../state/studio';
import './readout.css';

/** Figures about the scene and the last answer. */
export function Readout() {
  return (
    <div class="readout" data-testid="readout" data-model-ms={modelMs.value}>
      {scene.value?.points.toLocaleString('en')} points
      {answerMs.value !== undefined && <> · {Math.round(answerMs.value)} ms</>}
    </div>
  );
}
