/** A timer that has been set. */
export interface Timer {
  /** Takes the timer back; does nothing once it has fired. */
  cancel(): void;
  /** Lets the process end although this timer is pending. Clocks without real timers leave it out. */
  unref?(): void;
}

/**
 * Time as this library sees it. Everything that waits or measures takes a `Clock`, so that a test can own the time.
 */
export interface Clock {
  /** Wall-clock time in milliseconds since 1970; may jump. For what people read, never for measuring. */
  now(): number;
  /** Milliseconds since an arbitrary start; never goes back. */
  monotonic(): number;
  /** Calls `callback` once, after `ms` milliseconds. A timer keeps the process alive until it fires or is cancelled. */
  setTimeout(callback: () => void, ms: number): Timer;
  /** Resolves after `ms` milliseconds; rejects with the signal's reason as soon as `signal` aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Node refuses longer timers (32-bit milliseconds) and would fire them at once. */
const LONGEST_TIMER_MS = 2_147_483_647;

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  setTimeout: (callback, ms) => {
    const timer = setTimeout(callback, Math.min(ms, LONGEST_TIMER_MS));
    return { cancel: () => clearTimeout(timer), unref: () => void timer.unref() };
  },
  sleep: (ms, signal) => sleepOn(systemClock, ms, signal),
};

/** `Clock.sleep` made of `Clock.setTimeout`, for clocks that only bring their own timers. */
export function sleepOn(clock: Pick<Clock, 'setTimeout'>, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const onAbort = () => {
      timer.cancel();
      reject(signal?.reason);
    };
    const timer = clock.setTimeout(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    }, ms);
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}
