import type { Clock, ObjectRef } from '@capstan/kube';
import { AnswerWatch, type EventSource } from '@capstan/runtime';
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

/**
 * Knows who leads prism-admin in each cluster, and starts a pass when that changes without any event of Kubernetes: pods stay
 * ready when a quorum is lost.
 */
export class LeadershipWatch implements EventSource {
  readonly name = 'prism-admin';
  readonly #watch: AnswerWatch<readonly MemberAddress[], Leadership>;

  constructor(metrics: AdminMetrics, clock: Clock) {
    this.#watch = new AnswerWatch<readonly MemberAddress[], Leadership>({
      ...{ name: this.name, news: 'prism-admin answers otherwise', clock, looksAfter: true },
      ask: async (members, signal) => {
        const asked = members.map(async (each) => [each.pod, await askMember(metrics, each, signal)] as const);
        const answers = new Map(await Promise.all(asked));
        return {
          answer: leadershipOf(answers),
          isSilent: [...answers.values()].every(({ kind }) => kind === 'Silent'),
        };
      },
      // An election takes a second or two.
      mayPass: ({ kind }) => kind !== 'One',
    });
  }

  /** Who leads: asked now where the members are others than before or are to elect their first leader, else as it was last heard. */
  leadership({ cluster, members, isElecting = false }: Watched, signal: AbortSignal): Promise<Leadership> {
    return this.#watch.answer(cluster, members, signal, ({ kind }) => !isElecting || kind === 'One');
  }

  /** Asks a cluster no more until a pass does again, such as one whose prism-admin is by itself by now. */
  forget(cluster: ObjectRef): void {
    this.#watch.forget(cluster);
  }

  run(emit: (ref: ObjectRef, reason: string) => void, signal: AbortSignal): Promise<void> {
    return this.#watch.run(emit, signal);
  }
}
