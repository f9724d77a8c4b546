import type { Clock } from '@capstan/kube';
import type { ObjectKey } from '../cache/object-key.ts';

/** How long a step has been waiting. */
export interface StepWait {
  /** RFC 3339, to the second. */
  readonly since: string;
  /** Whether it has waited longer than its `timeoutMs`. */
  readonly timedOut: boolean;
  /** True once for each wait: when it is first found to have timed out. */
  readonly isNews: boolean;
  /** Milliseconds until it times out; absent when it has, or has no timeout. */
  readonly timesOutInMs?: number;
}

/** What is known of a waiting step in this pass. */
export interface WaitingStep {
  readonly name: string;
  readonly timeoutMs?: number | undefined;
  /** This pass changed what the step is to be. */
  readonly isChanged: boolean;
  /** RFC 3339: the last change that the ownership records of its objects show; asked after a restart only. */
  readonly lastChange: string | undefined;
}

interface Wait {
  readonly uid: string;
  readonly step: string;
  /** Monotonic milliseconds. */
  readonly began: number;
  readonly since: string;
  isTold: boolean;
}

const READY = 'ready';

/**
 * Measures how long resources wait for a step.
 *
 * The monotonic clock counts while the process lives. A wait that was under way before it began is counted from the last
 * change that its objects' ownership records show: what we applied, or what its controller reported. The wait cannot have
 * begun later than that unless nothing changed at all, so nothing is reported before its time; it may be reported later.
 */
export class StepWaits {
  readonly #clock: Pick<Clock, 'now' | 'monotonic'>;
  readonly #waits = new Map<ObjectKey, Wait | typeof READY>();

  constructor(clock: Pick<Clock, 'now' | 'monotonic'>) {
    this.#clock = clock;
  }

  /** Whether a pass of this resource was seen before by this process. */
  knows(owner: ObjectKey): boolean {
    return this.#waits.has(owner);
  }

  /** To be called when every step is ready. */
  ready(owner: ObjectKey): void {
    this.#waits.set(owner, READY);
  }

  /** To be called when the resource is gone. */
  forget(owner: ObjectKey): void {
    this.#waits.delete(owner);
  }

  /** To be called in each pass in which a step is the first that is not ready. */
  waiting(owner: ObjectKey, uid: string, step: WaitingStep): StepWait {
    const wait = this.#waitOf(owner, uid, step);
    const waited = this.#clock.monotonic() - wait.began;
    const { timeoutMs } = step;
    if (timeoutMs === undefined) return { since: wait.since, timedOut: false, isNews: false };
    if (waited < timeoutMs)
      return { since: wait.since, timedOut: false, isNews: false, timesOutInMs: timeoutMs - waited };
    const isNews = !wait.isTold;
    wait.isTold = true;
    return { since: wait.since, timedOut: true, isNews };
  }

  #waitOf(owner: ObjectKey, uid: string, { name, isChanged, lastChange }: WaitingStep): Wait {
    const known = this.#waits.get(owner);
    const isSame = known !== undefined && known !== READY && known.step === name && known.uid === uid;
    if (isSame && !isChanged) return known;
    const isInherited = known === undefined && !isChanged && lastChange !== undefined;
    const elapsed = isInherited ? Math.max(0, this.#clock.now() - Date.parse(lastChange)) : 0;
    const since = new Date(this.#clock.now() - elapsed).toISOString().replace(/\.\d{3}Z$/, 'Z');
    const wait: Wait = { uid, step: name, began: this.#clock.monotonic() - elapsed, since, isTold: false };
    this.#waits.set(owner, wait);
    return wait;
  }
}
