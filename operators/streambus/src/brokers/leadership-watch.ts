import type { Clock, ObjectRef } from '@capstan/kube';
import { AnswerWatch, type EventSource } from '@capstan/runtime';
import { askLeadership } from './ask-leadership.ts';
import type { BrokerAddress, BrokerAdmin } from './broker-admin.ts';
import { type Leadership, leadershipOf } from './leadership.ts';

/** The brokers of one cluster, as a pass last saw them. */
export interface Watched {
  readonly cluster: ObjectRef;
  readonly size: number;
  /** Those whose client port is open. */
  readonly brokers: readonly BrokerAddress[];
}

/**
 * Knows who leads in each cluster, and starts a pass when that changes without any event of Kubernetes: pods stay ready when a
 * quorum is lost.
 *
 * A pass that has to act asks anew; one that only reports takes what was last heard.
 */
export class LeadershipWatch implements EventSource {
  readonly name = 'brokers';
  readonly #watch: AnswerWatch<Omit<Watched, 'cluster'>, Leadership>;

  constructor(admin: BrokerAdmin, clock: Clock) {
    this.#watch = new AnswerWatch<Omit<Watched, 'cluster'>, Leadership>({
      ...{ name: this.name, news: 'brokers answer otherwise', clock },
      ask: async ({ size, brokers }, signal) => {
        const answers = await askLeadership(admin, brokers, signal);
        const isSilent = [...answers.values()].every(({ kind }) => kind === 'Silent');
        return { answer: leadershipOf(size, answers), isSilent };
      },
      // An election takes a second or two.
      mayPass: ({ kind }) => kind !== 'One',
    });
  }

  /**
   * Who leads, now or as it was last heard.
   * @param isUrgent true when something will be done about it: the brokers are asked now
   */
  leadership({ cluster, size, brokers }: Watched, isUrgent: boolean, signal: AbortSignal): Promise<Leadership> {
    return this.#watch.answer(cluster, { size, brokers }, signal, () => !isUrgent);
  }

  run(emit: (ref: ObjectRef, reason: string) => void, signal: AbortSignal): Promise<void> {
    return this.#watch.run(emit, signal);
  }
}
