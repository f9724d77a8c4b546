import { isDeepStrictEqual } from 'node:util';
import type { Clock, ObjectRef } from '@capstan/kube';
import { minutes, seconds } from '../duration.ts';
import type { EventSource } from './event-source.ts';

/** What was heard of one resource's outside. */
export interface Heard<Answer> {
  readonly answer: Answer;
  /** Not one of those who were asked has answered. */
  readonly isSilent: boolean;
}

export interface AnswerWatchOptions<Asked, Answer> {
  /** Of the source, in logs and metrics. */
  readonly name: string;
  /** Why a pass starts, such as `brokers answer otherwise`. */
  readonly news: string;
  /** Asks those that a pass has named; silence is an answer too. It must not reject. */
  readonly ask: (asked: Asked, signal: AbortSignal) => Promise<Heard<Answer>>;
  /** Whether an answer may be that of a passing moment, such as an election: then it is asked once more before anybody is told. */
  readonly mayPass: (answer: Answer) => boolean;
  /**
   * Whether a resource that no pass has asked for in ten minutes gets one, and is forgotten when that does not ask either: for
   * where somebody else may answer under the address of one that was deleted. Not unless told.
   */
  readonly looksAfter?: boolean;
  readonly clock: Clock;
}

/** How often is asked while nothing happens. */
const every = seconds(30);

/** Resources that are asked for at the same time: those that do not answer hold up no more than a few others. */
const atOnce = 16;

/** Longer than the elections that were seen. */
const moment = seconds(5);

/** A resource whose outside has been silent for so long has most likely been deleted. */
const forgottenAfter = minutes(10);

/** A resource that no pass has asked for in so long gets one; a settled one has none by itself, and a deleted one never. */
const lookedAfter = minutes(10);

/** That pass has come by then, if there is a resource for it. */
const answeredWithin = minutes(2);

interface Wanted<Asked> {
  readonly ref: ObjectRef;
  readonly asked: Asked;
  /** When a pass last asked. */
  readonly wantedAt: number;
}

interface Known<Asked, Answer> extends Wanted<Asked> {
  readonly answer: Answer;
  readonly askedAt: number;
  /** Since when nobody has answered. */
  readonly silentSince?: number;
}

type Emit = (ref: ObjectRef, reason: string) => void;

/**
 * Knows what the outside of each resource answers, such as who leads, and starts a pass when that changes without any event of
 * Kubernetes. Every 30 s each is asked again; one that has been silent for ten minutes is forgotten.
 *
 * @example
 * ```ts
 * const leaders = new AnswerWatch<readonly string[], string>({
 *   name: 'brokers',
 *   news: 'brokers answer otherwise',
 *   ask: async (addresses) => ({ answer: addresses[0] ?? 'nobody', isSilent: addresses.length === 0 }),
 *   mayPass: (leader) => leader === 'nobody',
 *   clock: systemClock,
 * });
 * // sources: [leaders] of the controller; and in a pass:
 * await leaders.answer({ namespace: 'shop', name: 'orders' }, ['10.0.0.1'], AbortSignal.timeout(5_000));
 * ```
 */
export class AnswerWatch<Asked, Answer> implements EventSource {
  readonly #options: AnswerWatchOptions<Asked, Answer>;
  readonly #known = new Map<string, Known<Asked, Answer>>();

  constructor(options: AnswerWatchOptions<Asked, Answer>) {
    this.#options = options;
  }

  get name(): string {
    return this.#options.name;
  }

  /**
   * The answer: asked now where others are to be asked than before, or where what was last heard does not suffice.
   * @param suffices unless told, whatever was heard does
   */
  async answer(
    ref: ObjectRef,
    asked: Asked,
    signal: AbortSignal,
    suffices: (known: Answer) => boolean = () => true,
  ): Promise<Answer> {
    const wantedAt = this.#options.clock.monotonic();
    const known = this.#known.get(keyOf(ref));
    if (known !== undefined) this.#known.set(keyOf(ref), { ...known, wantedAt });
    if (known !== undefined && suffices(known.answer) && isDeepStrictEqual(known.asked, asked)) return known.answer;
    const heard = await this.#ask({ ref, asked, wantedAt }, signal);
    this.#known.set(keyOf(ref), heard);
    return heard.answer;
  }

  /** Asks for a resource no more until a pass does again. */
  forget(ref: ObjectRef): void {
    this.#known.delete(keyOf(ref));
  }

  async run(emit: Emit, signal: AbortSignal): Promise<void> {
    const { clock } = this.#options;
    while (!signal.aborted) {
      await clock.sleep(every, signal).catch(() => {}); // Only the signal ends a sleep, and the loop looks at it next.
      if (signal.aborted) return;
      if (this.#options.looksAfter === true) this.#lookAfter(emit);
      const due = [...this.#known.values()].filter(({ askedAt }) => clock.monotonic() - askedAt >= every / 2);
      for (let next = 0; next < due.length && !signal.aborted; next += atOnce)
        await Promise.all(due.slice(next, next + atOnce).map((known) => this.#askAgain(known, emit, signal)));
    }
  }

  /** Somebody else may answer where those were that belonged to a resource that has been deleted. */
  #lookAfter(emit: Emit): void {
    for (const { ref, wantedAt } of [...this.#known.values()]) {
      const unwanted = this.#options.clock.monotonic() - wantedAt;
      if (unwanted >= lookedAfter + answeredWithin) this.forget(ref);
      else if (unwanted >= lookedAfter) emit(ref, 'whether it is still there');
    }
  }

  async #askAgain(before: Known<Asked, Answer>, emit: Emit, signal: AbortSignal): Promise<void> {
    const { clock, mayPass, news } = this.#options;
    const first = await this.#refresh(before, signal);
    // What passes is over before anybody could do anything about it.
    const isDoubtful = mayPass(first.answer) && !isDeepStrictEqual(first.answer, before.answer);
    if (isDoubtful) await clock.sleep(moment, signal).catch(() => {});
    const { answer, silentSince } = isDoubtful ? await this.#refresh(before, signal) : first;
    if (silentSince !== undefined && clock.monotonic() - silentSince >= forgottenAfter) this.forget(before.ref);
    if (!isDeepStrictEqual(answer, before.answer)) emit(before.ref, news);
  }

  /** What was forgotten meanwhile stays so, and what a pass heard meanwhile is newer. */
  async #refresh(before: Known<Asked, Answer>, signal: AbortSignal): Promise<Known<Asked, Answer>> {
    const heard = await this.#ask(before, signal);
    const known = this.#known.get(keyOf(before.ref));
    if (known !== undefined && isDeepStrictEqual(known.asked, before.asked))
      this.#known.set(keyOf(before.ref), { ...heard, wantedAt: known.wantedAt });
    return heard;
  }

  async #ask({ ref, asked, wantedAt }: Wanted<Asked>, signal: AbortSignal): Promise<Known<Asked, Answer>> {
    const { answer, isSilent } = await this.#options.ask(asked, signal);
    const askedAt = this.#options.clock.monotonic();
    const silentSince = this.#known.get(keyOf(ref))?.silentSince ?? askedAt;
    return { ref, asked, wantedAt, answer, askedAt, ...(isSilent && { silentSince }) };
  }
}

function keyOf({ namespace, name }: ObjectRef): string {
  return `${namespace}/${name}`;
}
