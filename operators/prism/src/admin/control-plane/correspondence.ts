import type { Clock, ObjectRef } from '@capstan/kube';
import { type EventSource, type Millis, millis, minutes, seconds } from '@capstan/runtime';
import { AdminLane, type AdminTarget } from './admin-lane.ts';
import type { Dial, NamespaceRequest, Placed } from './control-plane.ts';
import type { Errand, ErrandOutcome } from './errand.ts';

/** What is to be known of one namespace. */
export interface Question {
  /** The PrismNamespace, which is looked at again when there is an answer. */
  readonly about: ObjectRef;
  /** The PrismCluster whose prism-admin is asked. */
  readonly cluster: ObjectRef;
  readonly target: AdminTarget;
  /** Two questions with the same one are the same question. */
  readonly id: string;
  readonly request: NamespaceRequest;
  /** Where prism-admin has put it, where it was told the same before. */
  readonly known?: Placed;
}

/** What is known so far. */
export type Reply =
  /** It was handed over; a pass follows when there is an answer. */
  | { readonly kind: 'Asking' }
  /** `retryAfterMs`: when to ask again; absent when that is of no use, or under way. */
  | { readonly kind: 'Answered'; readonly outcome: ErrandOutcome; readonly retryAfterMs?: Millis };

interface Letter {
  readonly id: string;
  readonly cluster: string;
  readonly about: ObjectRef;
  attempts: number;
  isUnderWay: boolean;
  outcome?: ErrandOutcome;
  /** In ms of the clock that only goes forward. */
  retryAt: number;
}

/** How long a call takes at most: the deadline of each. One of whoever led before may be under way for so long. */
const longestCall: Millis = seconds(5);

/** How long a namespace that was answered with a no waits at first, and at most. */
const firstWait: Millis = seconds(5);
const longestWait: Millis = minutes(5);

/**
 * Carries questions to prism-admin and the answers back: a pass asks and goes, and another one is started when the answer is there.
 * So however long an admin takes, and however many wait for it, no pass waits, and no other cluster is held up. What is not answered
 * when this process ceases to lead is dropped: the next leader asks again, once no call of this one can be under way any more.
 */
export class Correspondence implements EventSource {
  readonly name = 'prism-admin';
  readonly #dial: Dial;
  readonly #clock: Clock;
  readonly #quietMs: Millis;
  readonly #lanes = new Map<string, AdminLane>();
  readonly #letters = new Map<string, Letter>();
  #end = new AbortController();
  /** In ms of the clock that only goes forward; absent while nobody has asked since the lead was taken. */
  #quietUntil: number | undefined;
  #emit: ((ref: ObjectRef, reason: string) => void) | undefined;
  /** Answered before anybody listened. */
  readonly #untold = new Set<ObjectRef>();

  /** @param quietMs time without a call after the lead was taken; that of the longest call unless told */
  constructor(dial: Dial, clock: Clock, quietMs: Millis = longestCall) {
    this.#dial = dial;
    this.#clock = clock;
    this.#quietMs = quietMs;
  }

  async run(emit: (ref: ObjectRef, reason: string) => void, signal: AbortSignal): Promise<void> {
    this.#emit = emit;
    this.#beQuiet();
    for (const about of this.#untold) this.#tell(about);
    this.#untold.clear();
    await new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      else signal.addEventListener('abort', () => resolve(), { once: true });
    });
    this.#emit = undefined;
    this.#quietUntil = undefined;
    this.#end.abort();
    this.#end = new AbortController();
    this.#lanes.clear();
    this.#letters.clear();
  }

  /** What is known of this question; hands it over where nobody has, or where it is time to try again. Never waits. */
  ask(question: Question): Reply {
    this.#beQuiet();
    const letter = this.#letterOf(question);
    const now = this.#clock.monotonic();
    const isDue = letter.outcome === undefined || (isFailed(letter.outcome) && now >= letter.retryAt);
    if (!letter.isUnderWay && isDue) this.#post(letter, question);
    if (letter.outcome === undefined) return { kind: 'Asking' };
    const waits = isFailed(letter.outcome) && !letter.isUnderWay;
    const retryAfterMs = millis(Math.max(0, letter.retryAt - now));
    return { kind: 'Answered', outcome: letter.outcome, ...(waits && { retryAfterMs }) };
  }

  /** Nobody wants to know any more, or everybody knows. */
  forget(about: ObjectRef): void {
    const letter = this.#letters.get(keyOf(about));
    if (letter === undefined) return;
    this.#letters.delete(keyOf(about));
    const lane = this.#lanes.get(letter.cluster);
    lane?.withdraw(keyOf(about));
    const isAlone = ![...this.#letters.values()].some(({ cluster }) => cluster === letter.cluster);
    if (lane?.isIdle === true && isAlone) this.#lanes.delete(letter.cluster);
  }

  /** Two calls together may end a prism-admin, and one of another process cannot be seen from here. */
  #beQuiet(): void {
    this.#quietUntil ??= this.#clock.monotonic() + this.#quietMs;
  }

  async #quietIsOver(signal: AbortSignal): Promise<void> {
    const left = (this.#quietUntil ?? 0) - this.#clock.monotonic();
    if (left > 0) await this.#clock.sleep(left, signal);
  }

  #letterOf({ about, cluster, id }: Question): Letter {
    const known = this.#letters.get(keyOf(about));
    if (known?.id === id) return known;
    const letter: Letter = { id, about, cluster: keyOf(cluster), attempts: 0, isUnderWay: false, retryAt: 0 };
    this.#letters.set(keyOf(about), letter);
    return letter;
  }

  #post(letter: Letter, { about, target, request, known }: Question): void {
    const errand: Errand = {
      ...{ who: keyOf(about), request, end: (outcome) => this.#answered(letter, outcome) },
      ...(known !== undefined && { known }),
    };
    const resting = this.#laneOf(letter.cluster, target).submit(errand);
    letter.isUnderWay = resting === undefined;
    if (resting === undefined) return;
    letter.outcome = resting.failure;
    letter.retryAt = this.#clock.monotonic() + resting.afterMs;
  }

  #laneOf(cluster: string, target: AdminTarget): AdminLane {
    const known = this.#lanes.get(cluster);
    known?.aim(target);
    const lane =
      known ??
      new AdminLane(target, {
        ...{ dial: this.#dial, clock: this.#clock, signal: this.#end.signal },
        mayStart: (signal) => this.#quietIsOver(signal),
      });
    this.#lanes.set(cluster, lane);
    return lane;
  }

  /** An answer to what nobody asks any more is dropped. */
  #answered(letter: Letter, outcome: ErrandOutcome): void {
    if (this.#letters.get(keyOf(letter.about)) !== letter) return;
    letter.isUnderWay = false;
    letter.outcome = outcome;
    letter.attempts += 1;
    letter.retryAt = this.#clock.monotonic() + this.#waitAfter(letter, outcome);
    this.#tell(letter.about);
  }

  /** Of an admin that cannot be reached the lane knows best how long it is left alone. */
  #waitAfter({ attempts }: Letter, { kind }: ErrandOutcome): number {
    if (kind === 'NoLeader' || kind === 'Unreachable') return 0;
    return Math.min(longestWait, firstWait * 2 ** (attempts - 1));
  }

  #tell(about: ObjectRef): void {
    if (this.#emit === undefined) this.#untold.add(about);
    else this.#emit(about, 'prism-admin has answered');
  }
}

function isFailed({ kind }: ErrandOutcome): boolean {
  return kind !== 'Settled';
}

function keyOf({ namespace, name }: ObjectRef): string {
  return `${namespace}/${name}`;
}
