import { describe, expect, it } from 'vitest';
import { ServerProblem, Unreachable } from '../src/api/http';
import { CommandBus, type Sendable } from '../src/state/command-bus';

interface Named extends Sendable {
  name: string;
}

/** A bus to a server that answers with what `script` holds, one entry a request: an error to throw, or undefined. */
function bus(script: (Error | undefined)[] = []) {
  const posted: Named[] = [];
  const saving: string[] = [];
  const refused: string[] = [];
  const made = new CommandBus<Named>({
    post: async command => {
      posted.push(command);
      await Promise.resolve();
      const error = script.shift();
      if (error) throw error;
    },
    refused: (_error, command) => refused.push(command.name),
    saving: state => saving.push(state),
    pause: () => Promise.resolve(),
  });
  const settled = async () => {
    while (!made.idle) await new Promise(resolve => setTimeout(resolve));
  };
  return { made, posted, saving, refused, settled };
}

describe('CommandBus', () => {
  it('sends in order, and lets only the last of those that wait ask the model', async () => {
    const { made, posted, saving, settled } = bus();
    for (const name of ['a', 'b', 'c']) made.send({ name });
    await settled();
    expect(posted.map(command => command.name)).toEqual(['a', 'b', 'c']);
    expect(posted.map(command => command.answer)).toEqual([undefined, false, undefined]);
    expect(saving).toEqual(['saving', 'saved']);
    expect(new Set(posted.map(command => command.id)).size).toBe(3);
  });

  it('sends a command again under the same id until it arrives', async () => {
    const { made, posted, saving, refused, settled } = bus([new Unreachable(), new Unreachable(), undefined]);
    made.send({ name: 'a' });
    made.send({ name: 'b' });
    await settled();
    expect(posted.map(command => command.name)).toEqual(['a', 'a', 'a', 'b']);
    expect(new Set(posted.slice(0, 3).map(command => command.id)).size).toBe(1);
    expect(saving).toEqual(['saving', 'offline', 'offline', 'saved']);
    expect(refused).toEqual([]);
  });

  it('waits where the server asks it to, and goes on after a refusal', async () => {
    const rate = new ServerProblem({ code: 'rate', message: 'slower', retry_after_s: 2 });
    const bad = new ServerProblem({ code: 'bad_command', message: 'no such click' });
    const { made, posted, refused, settled } = bus([rate, bad, undefined]);
    made.send({ name: 'a' });
    made.send({ name: 'b' });
    await settled();
    expect(posted.map(command => command.name)).toEqual(['a', 'a', 'b']);
    expect(refused).toEqual(['a']);
  });

  it('keeps a command that came while the server ended', async () => {
    const ending = new ServerProblem({ code: 'unavailable', message: 'the server is ending', retry_after_s: 1 });
    const { made, posted, saving, refused, settled } = bus([ending, new Unreachable(), undefined]);
    made.send({ name: 'a' });
    await settled();
    expect(new Set(posted.map(command => command.id)).size).toBe(1);
    expect(posted).toHaveLength(3);
    expect(saving).toEqual(['saving', 'offline', 'offline', 'saved']);
    expect(refused).toEqual([]);
  });

  it('sends nothing once it is closed', async () => {
    const { made, posted, settled } = bus([new Unreachable()]);
    made.send({ name: 'a' });
    made.send({ name: 'b' });
    made.close();
    made.send({ name: 'c' });
    await settled();
    expect(posted.map(command => command.name)).toEqual(['a']);
  });
});
