import { batch } from '@preact/signals';
import * as api from '../api/client';
import { ServerProblem } from '../api/http';
import { PreviewSocket } from '../api/preview-socket';
import { stage } from '../stage/registry';
import { CommandBus } from './command-bus';
import { kept } from './selection';
import { settings } from './settings';
import {
  answered,
  answerMs,
  chosenClick,
  clicks,
  history,
  modelMs,
  rows,
  saving,
  selection,
  visibility,
} from './studio';
import { unchangedKept } from './targets';
import { say } from './toasts';
import { pruned } from './visibility';

/** The link to one leased scene: commands go out through it, answers are painted. */
export class OpenSession {
  readonly preview: PreviewSocket;
  private readonly bus: CommandBus<api.Command>;
  private readonly beat: number;
  /** Which revision the labels on the stage are of; answers that leave the model alone do not change them. */
  private revision = -1;
  private confidenceOf = -1;

  constructor(
    readonly lease: api.Lease,
    /** Called when the scene went to somebody else. */
    private readonly lost: (message: string) => void,
  ) {
    this.preview = new PreviewSocket(lease.session);
    this.bus = new CommandBus({
      post: command => this.post(command),
      refused: error => this.refused(error),
      saving: state => {
        saving.value = state;
      },
      pause: milliseconds => new Promise(resolve => window.setTimeout(resolve, milliseconds)),
    });
    this.beat = window.setInterval(() => void this.heartbeat(), (1000 * lease.idle_s) / 3);
  }

  send(command: api.Command): void {
    this.bus.send(command);
  }

  /** Take over the whole state, as after opening the scene. */
  take(state: api.State, labels: Uint16Array): void {
    stage()?.viewer.cloud?.setAllLabels(labels);
    this.show(state);
  }

  /** Fetch the confidence of every point, if it is looked at and has changed. */
  async refreshConfidence(): Promise<void> {
    if (settings.value.colourMode !== 'uncertainty' || this.confidenceOf === this.revision) return;
    this.confidenceOf = this.revision;
    const confidence = await api.confidence(this.lease.session).catch(() => undefined);
    if (!confidence) return;
    stage()?.viewer.cloud?.setConfidence(confidence);
    stage()?.viewer.invalidate();
  }

  close(): void {
    window.clearInterval(this.beat);
    this.bus.close();
    this.preview.close();
    api.release(this.lease.session);
  }

  private async post(command: api.Command): Promise<void> {
    const started = performance.now();
    const answer = await api.command(this.lease.session, command);
    if (answer.state.base === this.revision) {
      stage()?.viewer.cloud?.setLabels(answer.changed, answer.labels);
      this.show(answer.state);
    } else {
      const { state, labels } = await api.labels(this.lease.session);
      this.take(state, labels);
    }
    answerMs.value = performance.now() - started;
    modelMs.value = answer.state.model_ms;
  }

  private show(state: api.State): void {
    if (state.current) this.revision = state.revision;
    batch(() => this.tell(state));
    stage()?.viewer.invalidate();
    void this.refreshConfidence();
  }

  private tell(state: api.State): void {
    const targets = state.targets.map(({ part, confidence, ...row }) => ({
      ...row,
      part: part ?? undefined,
      confidence: confidence ?? undefined,
    }));
    answered.value = unchangedKept(answered.value, targets);
    clicks.value = state.clicks.map(({ part, ...click }) => ({ ...click, part: part ?? undefined }));
    history.value = { undo: state.can_undo, redo: state.can_redo };
    if (chosenClick.value !== undefined && chosenClick.value >= state.clicks.length) chosenClick.value = undefined;
    // A target that a waiting command is about to make is not gone.
    if (state.current) {
      selection.value = kept(selection.value, rows.value);
      visibility.value = pruned(visibility.value, rows.value);
    }
  }

  private refused(error: unknown): void {
    if (error instanceof ServerProblem && error.code === 'lease_lost') this.lost(error.message);
    else say(error instanceof Error ? error.message : String(error), 'bad');
    selection.value = kept(selection.value, rows.value);
  }

  private async heartbeat(): Promise<void> {
    try {
      await api.heartbeat(this.lease.session);
    } catch (error) {
      if (error instanceof ServerProblem && error.code === 'lease_lost') this.lost(error.message);
      else if (!(error instanceof ServerProblem)) saving.value = 'offline';
      return;
    }
    if (saving.value === 'offline' && this.bus.idle) saving.value = 'saved';
  }
}

let current: OpenSession | undefined;

/** The session of the scene on the stage. */
export function session(): OpenSession | undefined {
  return current;
}

export function setSession(next: OpenSession | undefined): void {
  current?.close();
  current = next;
}
