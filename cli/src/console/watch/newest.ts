/** A value that changes, for many who follow it each in their own time: who is slow misses those between. */
export class Newest<T> {
  #value: T | undefined;
  #failure: { readonly error: unknown } | undefined;
  #next = Promise.withResolvers<void>();

  get value(): T | undefined {
    return this.#value;
  }

  set(value: T): void {
    this.#value = value;
    this.#announce();
  }

  /** Ends everybody who follows, now and later, with this error. */
  fail(error: unknown): void {
    this.#failure = { error };
    this.#announce();
  }

  /** The value as it is, as soon as there is one, then after each change what it is by then; until the signal aborts. */
  async *follow(signal: AbortSignal): AsyncGenerator<T, void, void> {
    let told: T | undefined;
    while (!signal.aborted) {
      const next = this.#next.promise;
      if (this.#failure !== undefined) throw this.#failure.error;
      if (this.#value !== undefined && this.#value !== told) {
        told = this.#value;
        yield told;
      } else await unlessAborted(next, signal);
    }
  }

  #announce(): void {
    this.#next.resolve();
    this.#next = Promise.withResolvers();
  }
}

/** Resolves with either; leaves nothing behind on a signal that lives long. */
async function unlessAborted(promise: Promise<void>, signal: AbortSignal): Promise<void> {
  const { promise: aborted, resolve } = Promise.withResolvers<void>();
  const onAbort = () => resolve();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
