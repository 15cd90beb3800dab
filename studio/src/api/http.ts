import type { components } from './schema';

type Problem = components['schemas']['Problem'];

/** What the server answers where it cannot do what was asked. */
export class ServerProblem extends Error {
  constructor(readonly problem: Problem) {
    super(problem.message);
  }

  get code(): Problem['code'] {
    return this.problem.code;
  }
}

/** The server could not be reached; what was asked may be asked again. */
export class Unreachable extends Error {
  constructor() {
    super('The server cannot be reached');
  }
}

/**
 * The answer to a request.
 *
 * @throws {ServerProblem} the server says why not
 * @throws {Unreachable} there was no answer
 */
export async function ask(
  method: string,
  address: string,
  body?: unknown,
  type = 'application/json',
): Promise<Response> {
  const init: RequestInit = { method };
  if (body !== undefined) {
    init.body = body instanceof Blob ? body : JSON.stringify(body);
    init.headers = { 'Content-Type': type };
  }
  let response: Response;
  try {
    response = await fetch(`api/${address}`, init);
  } catch {
    throw new Unreachable();
  }
  if (response.ok) return response;
  const problem = await response.json().catch(() => undefined);
  // A proxy in between answers in its own words.
  if (!problem?.code) throw new Unreachable();
  throw new ServerProblem(problem);
}

export async function askJson<T>(method: string, address: string, body?: unknown): Promise<T> {
  return (await ask(method, address, body)).json();
}

/** The bytes of an answer, telling the share that has come; the share stays 0 where the length is not known. */
export async function bytesOf(response: Response, progress: (share: number) => void): Promise<ArrayBuffer> {
  const total = Number(response.headers.get('Content-Length'));
  if (!total || !response.body) return response.arrayBuffer();
  const bytes = new Uint8Array(total);
  let come = 0;
  for (const reader = response.body.getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) return bytes.buffer;
    bytes.set(value, come);
    come += value.length;
    progress(come / total);
  }
}
