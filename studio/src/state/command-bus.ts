import { ServerProblem, Unreachable } from '../api/http';

/** What the bus needs to know of a command. */
export interface Sendable {
  id?: string | null;
  answer?: boolean;
}

export type Saving = 'saved' | 'saving' | 'offline';

interface Handlers<C> {
  post: (command: C) => Promise<void>;
  /** A command that the server refuses; those after it are still sent. */
  refused: (error: unknown, command: C) => void;
  saving: (state: Saving) => void;
  pause: (milliseconds: number) => Promise<void>;
}

const RETRY = 1000;

/**
 * Sends commands one by one, in order, and never loses one: a command whose answer did not arrive is sent again under
 * the same id, which the server carries out once. Of commands that wait, only the last asks the model.
 */
export class CommandBus<C extends Sendable> {
  private readonly waiting: C[] = [];
  private running = false;
  private closed = false;

  constructor(private readonly handlers: Handlers<C>) {}

  get idle(): boolean {
    return !this.running;
  }

  send(command: C): void {
    if (this.closed) return;
    this.waiting.push({ ...command, id: crypto.randomUUID() });
    if (!this.running) void this.run();
  }

  /** Send nothing more; for a session that is gone. */
  close(): void {
    this.closed = true;
    this.waiting.length = 0;
  }

  private async run(): Promise<void> {
    this.running = true;
    this.handlers.saving('saving');
    while (this.waiting.length > 0) {
      const next = this.waiting.shift()!;
      await this.deliver(this.waiting.length > 0 ? { ...next, answer: false } : next);
    }
    this.running = false;
    if (!this.closed) this.handlers.saving('saved');
  }

  private async deliver(command: C): Promise<void> {
    while (!this.closed) {
      try {
        await this.handlers.post(command);
        return;
      } catch (error) {
        const after = error instanceof ServerProblem ? error.problem.retry_after_s : undefined;
        if (!after && !(error instanceof Unreachable)) {
          this.handlers.refused(error, command);
          return;
        }
        if (!(error instanceof ServerProblem && error.code === 'rate')) this.handlers.saving('offline');
        await this.handlers.pause(after ? 1000 * after : RETRY);
      }
    }
  }
}
