import { isDeepStrictEqual } from 'node:util';
import type { Clock, ObjectRef } from '@capstan/kube';
import { type EventSource, minutes, seconds } from '@capstan/runtime';
import { type AdminMetrics, askMember, type MemberAddress } from './admin-metrics.ts';
import { type Leadership, leadershipOf } from './leadership.ts';

/** The members of prism-admin of one cluster, as a pass last saw them. */
export interface Watched {
  readonly cluster: ObjectRef;
  /** Those that are ready. */
  readonly members: readonly MemberAddress[];
  /** They have just been bootstrapped: while nobody leads they are asked again at once. */
  readonly isElecting?: boolean;
}

/** How often members are asked who leads while nothing happens. */
const every = seconds(30);

/** Clusters that are asked at the same time: those that do not answer hold up no more than a few others, for two seconds. */
const atOnce = 16;

/** Longer than the elections that were seen. */
const election = seconds(5);

/** A cluster whose members have all been silent for so long has most likely been deleted. */
const forgottenAfter = minutes(10);

interface Known extends Watched {
  readonly leadership: Leadership;
  readonly askedAt: number;
  /** Since when not one member has answered. */
  readonly silentSince?: number;
}

/**
 * Knows who leads prism-admin in each cluster, and starts a pass when that changes without any event of Kubernetes: pods stay
 * ready when a quorum is lost.
 */
export class LeadershipWatch implements EventSource {
  readonly name = 'prism-admin';
  readonly #metrics: AdminMetrics;
  readonly #clock: Clock;
  readonly #known = new Map<string, Known>();

  constructor(metrics: AdminMetrics, clock: Clock) {
    this.#metrics = metrics;
    this.#clock = clock;
  }

  /** Who leads: asked now where the members are others than before or are to elect their first leader, else as it was last heard. */
  async leadership(watched: Watched, signal: AbortSignal): Promise<Leadership> {
    const known = this.#known.get(keyOf(watched.cluster));
    const isSettled = watched.isElecting !== true || known?.leadership.kind === 'One';
    if (known !== undefined && isSettled && isDeepStrictEqual(known.members, watched.members)) return known.leadership;
    return (await this.#ask(watched, signal)).leadership;
  }

  async run(emit: (ref: ObjectRef, reason: string) => void, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#clock.sleep(every, signal).catch(() => {}); // Only the signal ends a sleep, and the loop looks at it next.
      if (signal.aborted) return;
      const due = [...this.#known.values()].filter(({ askedAt }) => this.#clock.monotonic() - askedAt >= every / 2);
      for (let next = 0; next < due.length && !signal.aborted; next += atOnce)
        await Promise.all(due.slice(next, next + atOnce).map((known) => this.#askAgain(known, emit, signal)));
    }
  }

  async #askAgain(before: Known, emit: (ref: ObjectRef, reason: string) => void, signal: AbortSignal): Promise<void> {
    const first = await this.#ask(before, signal);
    // An election takes a second or two, and is over before anybody could do anything about it.
    const isNews = first.leadership.kind !== 'One' && !isDeepStrictEqual(first.leadership, before.leadership);
    if (isNews) await this.#clock.sleep(election, signal).catch(() => {});
    const { leadership, silentSince } = isNews ? await this.#ask(before, signal) : first;
    if (silentSince !== undefined && this.#clock.monotonic() - silentSince >= forgottenAfter)
      this.#known.delete(keyOf(before.cluster));
    if (!isDeepStrictEqual(leadership, before.leadership)) emit(before.cluster, 'prism-admin answers otherwise');
  }

  async #ask({ cluster, members }: Watched, signal: AbortSignal): Promise<Known> {
    const asked = members.map(async (each) => [each.pod, await askMember(this.#metrics, each, signal)] as const);
    const answers = new Map(await Promise.all(asked));
    const key = keyOf(cluster);
    const isSilent = [...answers.values()].every(({ kind }) => kind === 'Silent');
    const now = this.#clock.monotonic();
    const known: Known = {
      ...{ cluster, members, leadership: leadershipOf(answers), askedAt: now },
      ...(isSilent && { silentSince: this.#known.get(key)?.silentSince ?? now }),
    };
    this.#known.set(key, known);
    return known;
  }
}

function keyOf({ namespace, name }: ObjectRef): string {
  return `${namespace}/${name}`;
}
