import { TransportError } from '../api-error.ts';
import type { Clock, Timer } from '../clock.ts';

/** The life of one call: it ends with its answer, when its caller aborts, or when its time is over, whichever comes first. */
export class CallScope {
  readonly #abort = new AbortController();
  readonly #clock: Clock;
  readonly #endsAt: number;
  readonly #outer: AbortSignal | undefined;
  readonly #onOuterAbort: () => void;
  #timer: Timer | undefined;

  /** @param name What is called, for the error: `GET /api/v1/pods`. @param timeoutMs Absent: no limit of its own. */
  constructor(clock: Clock, name: string, timeoutMs: number | undefined, outer: AbortSignal | undefined) {
    this.#clock = clock;
    this.#outer = outer;
    this.#endsAt = timeoutMs === undefined ? Number.POSITIVE_INFINITY : clock.monotonic() + timeoutMs;
    this.#onOuterAbort = () => this.#stop(`${name}: aborted by the caller`, outer?.reason);
    if (timeoutMs !== undefined) {
      this.#timer = clock.setTimeout(
        () => this.#stop(`${name}: no answer within ${timeoutMs} ms`, undefined),
        timeoutMs,
      );
    }
    outer?.addEventListener('abort', this.#onOuterAbort, { once: true });
    if (outer?.aborted) this.#onOuterAbort();
  }

  /** Aborts with a TransportError as its reason. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Milliseconds left; infinite when the call has no limit. */
  get remainingMs(): number {
    return this.#endsAt - this.#clock.monotonic();
  }

  /** What to throw: the end of the call where it has ended, otherwise the failure itself. */
  explain(failure: unknown): unknown {
    if (!this.signal.aborted || !(this.signal.reason instanceof TransportError)) return failure;
    const maySent = !(failure instanceof TransportError) || failure.maySent;
    return new TransportError(this.signal.reason.message, { cause: this.signal.reason.cause ?? failure, maySent });
  }

  /** Waits for something that others wait for too, but no longer than this call lasts. */
  wait<T>(shared: Promise<T>): Promise<T> {
    const { signal } = this;
    return new Promise((resolve, reject) => {
      const onAbort = () => reject(signal.reason);
      signal.addEventListener('abort', onAbort, { once: true });
      shared.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
      if (signal.aborted) onAbort();
    });
  }

  /** Removes the limit of time; the caller's signal still ends the call. */
  lift(): void {
    this.#timer?.cancel();
  }

  /** Must be called when the call is over, so that neither timer nor listener stays behind. */
  end(): void {
    this.#timer?.cancel();
    this.#outer?.removeEventListener('abort', this.#onOuterAbort);
  }

  #stop(message: string, cause: unknown): void {
    this.end();
    this.#abort.abort(new TransportError(message, { cause, maySent: true }));
  }
}
