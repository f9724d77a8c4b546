import type { Clock } from '@capstan/kube';
import { type Millis, seconds } from '@capstan/runtime';

/** A pass's turn with one Druid; to be ended in any case. */
export interface Lane {
  /** @param wasSilent Druid did not answer */
  leave(wasSilent: boolean): void;
}

/** No turn now: too many passes are with that Druid, or it did not answer a moment ago. */
export interface NoLane {
  readonly because: 'Full' | 'Resting';
}

interface DruidState {
  busy: number;
  failures: number;
  /** In ms of the clock that only goes forward. */
  restsUntil: number;
}

export interface LaneLimits {
  /** Passes with one Druid at once. */
  readonly most: number;
  /** How long a silent Druid is left alone, at first; twice as long from then on. */
  readonly restMs: Millis;
}

/** Limits that leave three quarters of all passes to other Druids, whatever one of them does. */
export function usualLanes(concurrency: number): LaneLimits {
  return { most: Math.max(1, Math.floor(concurrency / 4)), restMs: seconds(10) };
}

/**
 * Sees to it that a Druid which hangs holds up nobody but its own ingestions: each has few passes at once, and one that did not
 * answer is left alone for a while, then asked by one pass.
 */
export class DruidLanes {
  readonly #clock: Clock;
  readonly #limits: LaneLimits;
  readonly #druids = new Map<string, DruidState>();

  constructor(clock: Clock, limits: LaneLimits) {
    this.#clock = clock;
    this.#limits = limits;
  }

  /** Takes a turn with the Druid at this address, if there is one. */
  enter(url: string): Lane | NoLane {
    const state = this.#druids.get(url) ?? { busy: 0, failures: 0, restsUntil: 0 };
    if (state.failures > 0 && (this.#clock.monotonic() < state.restsUntil || state.busy > 0))
      return { because: 'Resting' };
    if (state.busy >= this.#limits.most) return { because: 'Full' };
    this.#druids.set(url, state);
    state.busy += 1;
    return { leave: (wasSilent) => this.#leave(url, state, wasSilent) };
  }

  #leave(url: string, state: DruidState, wasSilent: boolean): void {
    state.busy -= 1;
    state.failures = wasSilent ? state.failures + 1 : 0;
    const factor = state.failures > 1 ? 2 : 1;
    state.restsUntil = wasSilent ? this.#clock.monotonic() + this.#limits.restMs * factor : 0;
    if (state.busy === 0 && state.failures === 0) this.#druids.delete(url);
  }
}
