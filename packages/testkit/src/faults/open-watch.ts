import { Buffer } from 'node:buffer';
import type { ApiRequest } from './api-request.ts';
import { type ArmedFault, isWatchFault, type WatchFault } from './fault.ts';
import type { Outlet } from './outlet.ts';
import { refusalBody } from './refusal-body.ts';
import { frameHeadOf, type Happening } from './trace.ts';

/** A fault that has struck a watch and acts once so many more lines have passed. */
interface Pending {
  readonly armed: ArmedFault;
  readonly fault: WatchFault;
  linesLeft: number;
}

/**
 * One watch on its way through the proxy, line by line. What comes from the server is always read, so that a stalled
 * client never makes the server give the watch up.
 */
export class OpenWatch {
  readonly asked: ApiRequest;
  readonly #outlet: Outlet;
  readonly #record: (happening: Happening) => void;
  readonly #lines: Buffer[] = [];
  #rest = Buffer.alloc(0);
  #isComplete = false;
  #pending: Pending | undefined;
  /** While set and not aborted, every byte goes alone. */
  #splitUntil: AbortSignal | undefined;
  #wake: () => void = () => undefined;

  constructor(asked: ApiRequest, outlet: Outlet, record: (happening: Happening) => void) {
    this.asked = asked;
    this.#outlet = outlet;
    this.#record = record;
    outlet.gone.addEventListener('abort', () => this.#wake(), { once: true });
  }

  /** Lets a fault strike this watch, now or after the lines it lets pass. */
  strike(armed: ArmedFault): void {
    const { fault } = armed.rule;
    if (!isWatchFault(fault)) return;
    this.#pending = { armed, fault, linesLeft: fault.afterFrames ?? 0 };
    this.#wake();
  }

  /** Takes what the server sent. */
  push(chunk: Buffer): void {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    for (let end = this.#rest.indexOf(10); end >= 0; end = this.#rest.indexOf(10)) {
      this.#lines.push(this.#rest.subarray(0, end + 1));
      this.#rest = this.#rest.subarray(end + 1);
    }
    this.#wake();
  }

  /** The server ended the watch. */
  complete(): void {
    this.#isComplete = true;
    this.#wake();
  }

  /** Passes lines on until either side ends. */
  async run(): Promise<void> {
    while (!this.#outlet.gone.aborted) {
      if (this.#pending?.linesLeft === 0) {
        if (await this.#act(this.#pending)) return;
        continue;
      }
      const line = this.#lines.shift();
      if (line !== undefined) await this.#pass(line);
      else if (this.#isComplete) return this.#outlet.end();
      else await this.#somethingNew();
    }
  }

  /** @returns whether the watch is over */
  async #act({ armed, fault }: Pending): Promise<boolean> {
    this.#pending = undefined;
    this.#record({ what: 'fault', fault: fault.do });
    if (fault.do === 'splitFrames') this.#splitUntil = armed.lifted;
    if (fault.do === 'stall') await this.#until(armed.lifted);
    if (fault.do === 'cut') this.#outlet.cut();
    if (fault.do === 'gone') await this.#expire();
    return fault.do === 'cut' || fault.do === 'gone';
  }

  async #expire(): Promise<void> {
    const object = refusalBody({ status: 410 }, this.asked);
    await this.#outlet.write(Buffer.from(`${JSON.stringify({ type: 'ERROR', object })}\n`));
    this.#outlet.end();
  }

  async #pass(line: Buffer): Promise<void> {
    if (this.#pending !== undefined) this.#pending.linesLeft -= 1;
    this.#record({ what: 'frame', frame: frameHeadOf(line.toString('utf8')) });
    if (this.#splitUntil === undefined || this.#splitUntil.aborted) return this.#outlet.write(line);
    for (const byte of line) {
      await this.#outlet.write(Buffer.of(byte));
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  #somethingNew(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  #until(signal: AbortSignal): Promise<void> {
    const either = AbortSignal.any([signal, this.#outlet.gone]);
    return new Promise((resolve) => {
      if (either.aborted) resolve();
      else either.addEventListener('abort', () => resolve(), { once: true });
    });
  }
}
