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

/** A cluster that no pass has asked for in so long gets one; a settled cluster has none by itself, and a deleted one never. */
const lookedAfter = minutes(10);

/** That pass has come by then, if there is a cluster for it. */
const answeredWithin = minutes(2);

interface Wanted extends Watched {
  /** When a pass last asked. */
  readonly wantedAt: number;
}

interface Known extends Wanted {
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
    const now = this.#clock.monotonic();
    const before = this.#known.get(keyOf(watched.cluster));
    const known = before && { ...before, wantedAt: now };
    if (known !== undefined) this.#known.set(keyOf(watched.cluster), known);
    const isSettled = watched.isElecting !== true || known?.leadership.kind === 'One';
    if (known !== undefined && isSettled && isDeepStrictEqual(known.members, watched.members)) return known.leadership;
    const asked = await this.#ask({ ...watched, wantedAt: now }, signal);
    this.#known.set(keyOf(watched.cluster), asked);
    return asked.leadership;
  }

  /** Asks a cluster no more until a pass does again, such as one whose prism-admin is by itself by now. */
  forget(cluster: ObjectRef): void {
    this.#known.delete(keyOf(cluster));
  }

  async run(emit: (ref: ObjectRef, reason: string) => void, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#clock.sleep(every, signal).catch(() => {}); // Only the signal ends a sleep, and the loop looks at it next.
      if (signal.aborted) return;
      this.#lookAfter(emit);
      const due = [...this.#known.values()].filter(({ askedAt }) => this.#clock.monotonic() - askedAt >= every / 2);
      for (let next = 0; next < due.length && !signal.aborted; next += atOnce)
        await Promise.all(due.slice(next, next + atOnce).map((known) => this.#askAgain(known, emit, signal)));
    }
  }

  /** Somebody else may answer where the members of a cluster were that has been deleted. */
  #lookAfter(emit: (ref: ObjectRef, reason: string) => void): void {
    for (const { cluster, wantedAt } of [...this.#known.values()]) {
      const unwanted = this.#clock.monotonic() - wantedAt;
      if (unwanted >= lookedAfter + answeredWithin) this.forget(cluster);
      else if (unwanted >= lookedAfter) emit(cluster, 'whether it is still there');
    }
  }

  async #askAgain(before: Known, emit: (ref: ObjectRef, reason: string) => void, signal: AbortSignal): Promise<void> {
    const first = await this.#refresh(before, signal);
    // An election takes a second or two, and is over before anybody could do anything about it.
    const isNews = first.leadership.kind !== 'One' && !isDeepStrictEqual(first.leadership, before.leadership);
    if (isNews) await this.#clock.sleep(election, signal).catch(() => {});
    const { leadership, silentSince } = isNews ? await this.#refresh(before, signal) : first;
    if (silentSince !== undefined && this.#clock.monotonic() - silentSince >= forgottenAfter)
      this.forget(before.cluster);
    if (!isDeepStrictEqual(leadership, before.leadership)) emit(before.cluster, 'prism-admin answers otherwise');
  }

  /** What was forgotten meanwhile stays so, and what a pass heard meanwhile is newer. */
  async #refresh(before: Known, signal: AbortSignal): Promise<Known> {
    const asked = await this.#ask(before, signal);
    const known = this.#known.get(keyOf(before.cluster));
    if (known !== undefined && isDeepStrictEqual(known.members, before.members))
      this.#known.set(keyOf(before.cluster), { ...asked, wantedAt: known.wantedAt });
    return asked;
  }

  async #ask({ cluster, members, wantedAt }: Wanted, signal: AbortSignal): Promise<Known> {
    const asked = members.map(async (each) => [each.pod, await askMember(this.#metrics, each, signal)] as const);
    const answers = new Map(await Promise.all(asked));
    const isSilent = [...answers.values()].every(({ kind }) => kind === 'Silent');
    const now = this.#clock.monotonic();
    return {
      ...{ cluster, members, leadership: leadershipOf(answers), askedAt: now, wantedAt },
      ...(isSilent && { silentSince: this.#known.get(keyOf(cluster))?.silentSince ?? now }),
    };
  }
}

function keyOf({ namespace, name }: ObjectRef): string {
  return `${namespace}/${name}`;
}
