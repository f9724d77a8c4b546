import type { Draft, Lease } from '@capstan/kube';
import { microTime } from '../events/event-draft.ts';
import type { LeaseTerms } from './lease-terms.ts';

/** What a process puts into a lease. */
export interface Claim {
  readonly identity: string;
  readonly terms: LeaseTerms;
  /** Annotations for those who look for the leader; replaced by the next one. */
  readonly annotations: Readonly<Record<string, string>>;
}

/** The lease with a new tenure in it; made anew when there is none. `at` is epoch ms, for people only. */
export function takenLease(before: Lease | undefined, name: LeaseName, claim: Claim, at: number): Draft<Lease> {
  const { annotations, ...metadata } = before?.metadata ?? {};
  const transitions = before?.spec?.leaseTransitions;
  const time = microTime(at);
  return {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { ...metadata, ...name, annotations: { ...annotations, ...claim.annotations } },
    spec: {
      ...before?.spec,
      holderIdentity: claim.identity,
      leaseDurationSeconds: Math.ceil(claim.terms.leaseDurationMs / 1_000),
      acquireTime: time,
      renewTime: time,
      // One more with each tenure, also of the same process: that makes it a fencing token.
      leaseTransitions: transitions === undefined ? 0 : transitions + 1,
    },
  };
}

export interface LeaseName {
  readonly namespace: string;
  readonly name: string;
}

/** The same tenure, a moment longer. */
export function renewedLease(lease: Lease, at: number): Lease {
  return { ...lease, spec: { ...lease.spec, renewTime: microTime(at) } };
}

/** Nobody's lease, for anybody to take at once. A second is the shortest duration the API takes. */
export function releasedLease(lease: Lease, claim: Claim, at: number): Lease {
  const annotations = Object.entries(lease.metadata.annotations ?? {}).filter(([key]) => !(key in claim.annotations));
  const time = microTime(at);
  return {
    ...lease,
    metadata: { ...lease.metadata, annotations: Object.fromEntries(annotations) },
    spec: { ...lease.spec, holderIdentity: '', leaseDurationSeconds: 1, acquireTime: time, renewTime: time },
  };
}

/** Who holds it by its own words; `undefined` when nobody does. */
export function holderOf(lease: Lease | undefined): string | undefined {
  const holder = lease?.spec?.holderIdentity;
  return holder === '' ? undefined : holder;
}
