import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { ManagerContext } from '../runnable.ts';
import { Candidate } from './candidate.ts';
import type { Election } from './leadership.ts';
import type { LeaseName } from './lease-record.ts';
import { ApiLeaseStore } from './lease-store.ts';
import { type LeaseTerms, leaseTerms } from './lease-terms.ts';

export interface LeaseElectionOptions extends Partial<LeaseTerms> {
  /** Of the Lease; one per operator. */
  readonly name: string;
  /** Where the Lease lies: that of the connection (in a pod: the pod's) unless told. */
  readonly namespace?: string | undefined;
  /** Names this process; must differ from every other that is alive. Host name and a random part unless told. */
  readonly identity?: string | undefined;
  /** Annotations for those who look for the leader, asked for when the lease is taken. */
  readonly annotations?: () => Readonly<Record<string, string>>;
}

/**
 * Leads while it holds a Lease (coordination.k8s.io/v1): one process at a time, another at once after a clean stop and
 * within the lease's duration after a crash. Those who wait watch the Lease and ask for nothing.
 *
 * @example
 * ```ts
 * new Manager({ connection, controllers, log, election: leaseElection({ name: 'streambus-operator' }) });
 * ```
 * @throws {RangeError} when the times do not fit each other
 */
export function leaseElection(options: LeaseElectionOptions): (context: ManagerContext) => Election {
  const { identity = `${hostname()}_${randomUUID()}`, annotations = () => ({}) } = options;
  const terms = leaseTerms(options);
  return ({ connection, clock, random, log, calls, userAgent }) => {
    const name: LeaseName = { namespace: options.namespace ?? connection.namespace, name: options.name };
    const store = new ApiLeaseStore(name, {
      ...{ connection, userAgent, clock, random, patienceMs: terms.renewDeadlineMs / 4 },
      onCall: (call) => calls.publish(call),
      onProblem: ({ error }) => log.warn({ err: error, lease: `${name.namespace}/${name.name}` }, 'watch interrupted'),
    });
    return new Candidate({
      store,
      name,
      claim: () => ({ identity, terms, annotations: annotations() }),
      clock,
      random,
      log,
    });
  };
}
