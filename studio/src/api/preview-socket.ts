import { rowsOfBits } from '../viewer/bits';
import { decodeFrame } from './frame';
import type { components } from './schema';

type Request = Omit<components['schemas']['PreviewRequest'], 'id'>;
type Header = components['schemas']['Preview'];

const RETRY = 2000;

/** Asks over one WebSocket what a click would take. Only the newest question is answered. */
export class PreviewSocket {
  private socket: WebSocket | undefined;
  private newest = 0;
  private closed = false;
  private answer: ((rows: Uint32Array) => void) | undefined;

  constructor(private readonly session: string) {
    this.connect();
  }

  /** Ask; `answer` is called at most once, and never when another question came after. */
  ask(request: Request, answer: (rows: Uint32Array) => void): void {
    if (this.socket?.readyState !== WebSocket.OPEN) return;
    this.answer = answer;
    this.socket.send(JSON.stringify({ ...request, id: ++this.newest }));
  }

  /** Want no answer to what was asked. */
  forget(): void {
    this.newest++;
    this.answer = undefined;
  }

  close(): void {
    this.closed = true;
    this.socket?.close();
  }

  private connect(): void {
    if (this.closed) return;
    const address = new URL(`api/sessions/${this.session}/ws`, document.baseURI);
    address.protocol = address.protocol.replace('http', 'ws');
    this.socket = new WebSocket(address);
    this.socket.binaryType = 'arraybuffer';
    this.socket.onmessage = event => void this.receive(event.data);
    this.socket.onclose = () => window.setTimeout(() => this.connect(), RETRY);
  }

  /** A text says why there is no preview; resting the pointer elsewhere asks again. */
  private async receive(data: ArrayBuffer | string): Promise<void> {
    if (typeof data === 'string') return;
    const { header, arrays } = await decodeFrame<Header>(data);
    if (header.id === this.newest) this.answer?.(rowsOfBits(arrays.mask as Uint8Array));
  }
}
