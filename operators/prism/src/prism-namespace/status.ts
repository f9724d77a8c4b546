import { type Standing, setConditions, standardConditions, standingOf } from '@capstan/runtime';
import { conditionalTypes } from '../api/v1alpha2/conditions.ts';
import type { PrismNamespace, PrismNamespaceStatus } from '../api/v1alpha2/prism-namespace.ts';
import { adminConditions, adminStanding, type Wanted } from './admin-conditions.ts';
import type { Findings, Worked } from './findings.ts';
import { notices } from './notices.ts';

/**
 * The status of a namespace, from what one pass found.
 * @param now RFC 3339; becomes the time of the conditions that change
 */
export function statusOf(namespace: PrismNamespace, findings: Findings, now: string): PrismNamespaceStatus {
  const { metadata, status: before = {} } = namespace;
  const isRetried = findings.kind === 'Worked' && findings.outcome.failures.some(({ terminal }) => !terminal);
  const generation = isRetried ? before.observedGeneration : metadata.generation;
  const seen = generation !== undefined && { observedGeneration: generation };
  const wanted = [...standardConditions(standing(namespace, findings)), ...conditionsOf(namespace, findings)];
  const record = findings.kind === 'Worked' ? findings.talk.record : before.admin;
  // What nobody can judge without a spec or a cluster is as it was last seen.
  const owned = findings.kind === 'Worked' ? conditionalTypes : [];
  return {
    ...before,
    conditions: setConditions(before.conditions, wanted, { now, owned, ...seen }),
    ...seen,
    ...(record !== undefined && { admin: record }),
  };
}

function conditionsOf(namespace: PrismNamespace, findings: Findings): readonly Wanted[] {
  if (findings.kind === 'Refused') return [{ type: 'Accepted', status: 'False', ...findings.refusal }];
  const accepted: Wanted = { type: 'Accepted', status: 'True', reason: 'SpecAccepted', message: 'the spec is sound' };
  const type = 'ClusterFound';
  if (findings.kind === 'WithoutCluster') {
    const { reason, message } = findings.sight;
    const synced: Wanted = { type: 'Synced', status: 'False', reason, message };
    return [accepted, { type, status: 'False', reason, message }, synced];
  }
  const message = `PrismCluster ${namespace.spec.cluster} is there`;
  return [
    accepted,
    { type, status: 'True', reason: 'Found', message },
    ...adminConditions(findings.talk),
    ...notices(namespace, findings),
  ];
}

function standing(namespace: PrismNamespace, findings: Findings): Standing {
  if (findings.kind === 'Refused') return { is: 'Stalled', ...findings.refusal };
  if (findings.kind === 'WithoutCluster') {
    const { reason, message } = findings.sight;
    return { is: 'Reconciling', reason, message };
  }
  return standingWith(namespace, findings);
}

/** What people have to act upon comes first, then what is waited for. */
function standingWith(namespace: PrismNamespace, worked: Worked): Standing {
  const admin = adminStanding(worked.talk);
  const { reason, message } = admin;
  if (admin.isStuck) return { is: 'Stalled', reason, message };
  const children = standingOf(worked.outcome);
  if (children.is === 'Stalled') return children;
  const all = notices(namespace, worked);
  const blocker = all.find((each) => isBlocker(each));
  if (blocker !== undefined) return { is: 'Stalled', reason: blocker.reason, message: blocker.message };
  if (!admin.isSynced) return { is: 'Reconciling', reason, message };
  const waiting = all.find((each) => each.type === 'RunnersDedicated' && each.reason === 'Waiting');
  if (waiting !== undefined && children.is === 'Ready')
    return { is: 'Reconciling', reason: waiting.reason, message: waiting.message };
  return children.is === 'Ready' ? { is: 'Ready', reason: 'UpToDate', message } : children;
}

/** What was asked for and is not there before a person acts. */
function isBlocker({ type, status, reason }: Wanted): boolean {
  if (status !== 'False') return false;
  if (type === 'PatternsKnown') return true;
  return type === 'RunnersDedicated' && (reason === 'NotAllowed' || reason === 'RunnersStalled');
}
