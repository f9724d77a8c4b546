import type { Clock } from '@capstan/kube';
import { type Millis, millis, seconds } from '@capstan/runtime';
import { druidAddress } from '../druid/druid-address.ts';

/**
 * How Druid was in a turn. `Answered`: it is there, whatever it said. `NoConnection`: none came to stand. `Silent`: a question got no
 * answer. `Unknown`: a change got none, which may be because of what it changes.
 */
export type TurnEnd = 'Answered' | 'NoConnection' | 'Silent' | 'Unknown';

/** A pass's turn with one Druid; to be ended in any case. */
export interface Lane {
  leave(end: TurnEnd): void;
}

/** No turn now: too many passes are with that Druid, to come again after `afterMs`, or it did not answer a moment ago. */
export type NoLane = { readonly because: 'Full'; readonly afterMs: Millis } | { readonly because: 'Resting' };

interface DruidState {
  busy: number;
  /** Rests in a row. */
  rests: number;
  /** In ms of the clock that only goes forward. */
  restsUntil: number;
  /** Whose questions got no answer since one was answered. */
  readonly silent: Set<string>;
  /** Who found no room, those who came first at the beginning, and until when they count. */
  readonly waiting: Map<string, number>;
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

/** Of how many ingestions the questions get no answer before Druid itself is taken to be silent, and not what they ask about. */
const silentAlike = 3;

/** How long those wait who found no room, for each round of turns before theirs, and at most. */
const roundMs = millis(500);
const longestWait: Millis = seconds(30);

/** For how long after that somebody counts who does not come again. */
const patience: Millis = seconds(60);

/**
 * Sees to it that a Druid which hangs holds up nobody but its own ingestions: each has few passes at once, and one that cannot be
 * reached, or answers several ingestions nothing, is left alone for a while, then asked by one pass. An ingestion alone whose calls
 * get no answer, such as for a stream that is gone, holds up none of the others.
 */
export class DruidLanes {
  readonly #clock: Clock;
  readonly #limits: LaneLimits;
  readonly #random: () => number;
  readonly #druids = new Map<string, DruidState>();

  /** @param random from 0 to 1, spreads those who come again */
  constructor(clock: Clock, limits: LaneLimits, random: () => number = Math.random) {
    this.#clock = clock;
    this.#limits = limits;
    this.#random = random;
  }

  /**
   * Takes a turn with the Druid at this address, if there is one.
   *
   * @param who the ingestion that the turn is for
   */
  enter(url: string, who: string): Lane | NoLane {
    const key = druidAddress(url) ?? url;
    const state = this.#druids.get(key) ?? newState();
    this.#druids.set(key, state);
    if (state.rests > 0 && (this.#clock.monotonic() < state.restsUntil || state.busy > 0))
      return { because: 'Resting' };
    if (state.busy >= this.#limits.most) return { because: 'Full', afterMs: this.#waitOf(who, state) };
    state.waiting.delete(who);
    state.busy += 1;
    return { leave: (end) => this.#leave(key, state, who, end) };
  }

  /** The longer, the more came before: so many passes a second look whether there is room, however many wait. */
  #waitOf(who: string, { waiting }: DruidState): Millis {
    const now = this.#clock.monotonic();
    if (!waiting.has(who)) waiting.set(who, now);
    const place = [...waiting.keys()].indexOf(who) + 1;
    const waitMs = Math.min(longestWait, roundMs * Math.ceil(place / this.#limits.most)) * (0.75 + this.#random() / 2);
    waiting.set(who, now + waitMs + patience);
    return millis(Math.round(waitMs));
  }

  #leave(key: string, state: DruidState, who: string, end: TurnEnd): void {
    state.busy -= 1;
    this.#forgetAbsent(state);
    if (end === 'Silent') state.silent.add(who);
    if (end === 'Answered') {
      state.silent.clear();
      state.rests = 0;
    } else if (end === 'NoConnection' || (end === 'Silent' && (state.rests > 0 || state.silent.size >= silentAlike)))
      this.#rest(state);
    if (state.busy + state.rests + state.silent.size + state.waiting.size === 0) this.#druids.delete(key);
  }

  #forgetAbsent({ waiting }: DruidState): void {
    const now = this.#clock.monotonic();
    for (const [who, until] of waiting) if (until < now) waiting.delete(who);
  }

  #rest(state: DruidState): void {
    state.rests += 1;
    state.restsUntil = this.#clock.monotonic() + this.#limits.restMs * (state.rests > 1 ? 2 : 1);
  }
}

function newState(): DruidState {
  return { busy: 0, rests: 0, restsUntil: 0, silent: new Set(), waiting: new Map() };
}
