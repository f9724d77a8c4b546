import {
  type Millis,
  type Standing,
  seconds,
  setConditions,
  standardConditions,
  standingOf,
  type WantedCondition,
} from '@capstan/runtime';
import type { ConditionType } from '../api/v1alpha3/conditions.ts';
import type { MemberStatus, PrismFederationStatus } from '../api/v1alpha3/prism-federation.ts';
import { byName } from './decision/shares.ts';
import type { Findings } from './findings.ts';
import { isHealthy, memberStatus } from './member-status.ts';

type FederationCondition = WantedCondition & { readonly type: ConditionType };

/** How long a change of nothing but details of clusters may wait after the last write. */
export const unhurried: { readonly clusters: Millis } = { clusters: seconds(10) };

/**
 * The status of a federation, from what one pass found.
 * @param now RFC 3339
 */
export function statusOf(findings: Findings, now: string): PrismFederationStatus {
  const { federation, decision } = findings;
  const { generation } = federation.metadata;
  const clusters = findings.members.map((found) => memberStatus(findings, found, now));
  const failedOverFrom = namesWhere(decision.standings, ({ displaced }) => displaced);
  const wanted = conditionsOf(findings, clusters, failedOverFrom);
  const lastSwitch = lastSwitchOf(findings, failedOverFrom, now);
  return {
    ...federation.status,
    conditions: setConditions(federation.status?.conditions, wanted, { now, observedGeneration: generation }),
    ...(generation !== undefined && { observedGeneration: generation }),
    activeClusters: activeOf(findings),
    failedOverFrom,
    healthyClusters: `${clusters.filter(isHealthy).length}/${clusters.length}`,
    ...(lastSwitch !== undefined && { lastSwitch }),
    clusters,
  };
}

/** Those that have traffic by what is published: while nothing is decided that stays as it was. */
function activeOf({ federation, decision, published: { plan } }: Findings): string[] {
  if (plan.steps.length === 0) return [...(federation.status?.activeClusters ?? [])];
  return Object.keys(decision.weights).sort();
}

function lastSwitchOf(findings: Findings, failed: readonly string[], now: string): PrismFederationStatus['lastSwitch'] {
  const { federation } = findings;
  const from = federation.status?.activeClusters ?? [];
  const to = activeOf(findings);
  if (from.length === 0 || from.join() === to.join()) return federation.status?.lastSwitch;
  const left = from.filter((name) => !to.includes(name));
  return { time: now, from, to, reason: left.some((name) => failed.includes(name)) ? 'Failover' : 'Rebalanced' };
}

function conditionsOf(
  findings: Findings,
  clusters: readonly MemberStatus[],
  failed: readonly string[],
): readonly FederationCondition[] {
  const standing = standardConditions(federationStanding(findings, clusters)) as readonly FederationCondition[]; // Ready, Reconciling and Stalled are ours
  return [...standing, failedOver(findings, failed), published(findings)];
}

/** What was not written comes first, then what only a person can mend, then what is observed. */
function federationStanding(findings: Findings, clusters: readonly MemberStatus[]): Standing {
  const written = standingOf(findings.outcome);
  if (written.is !== 'Ready') return written;
  const problem = findings.published.problem ?? unusable(findings);
  return problem === undefined ? trafficStanding(findings, clusters) : { is: 'Stalled', ...problem };
}

/** What is wrong with the spec or a Secret of the first cluster with which something is. */
function unusable({ members }: Findings): Pick<Standing, 'reason' | 'message'> | undefined {
  const problems = members.flatMap(({ member, access, wish }) => {
    const found = access.is === 'Missing' ? access : wish.is === 'Impossible' ? wish : undefined;
    return found === undefined ? [] : [{ name: member.name, reason: found.reason, message: found.message }];
  });
  const [first] = problems;
  if (first === undefined) return undefined;
  const others =
    problems.length === 1
      ? ''
      : ` The same or something else is wrong with ${problems
          .slice(1)
          .map(({ name }) => name)
          .join(', ')}.`;
  return { reason: first.reason, message: `${first.name}: ${first.message}.${others}` };
}

function trafficStanding({ decision, members }: Findings, clusters: readonly MemberStatus[]): Standing {
  const healthy = `${clusters.filter(isHealthy).length} of ${clusters.length} clusters are healthy`;
  const to = sharesText(decision.weights);
  switch (decision.basis) {
    case 'Waiting':
      return { is: 'Reconciling', reason: 'Observing', message: 'Not all clusters have been asked yet.' };
    case 'Nobody':
      return {
        is: 'Reconciling',
        reason: 'NobodyHealthy',
        message: 'No cluster is healthy, and none has been: no cluster is given traffic.',
      };
    case 'Withdrawn':
      return {
        is: 'Reconciling',
        reason: 'TrafficWithdrawn',
        message: `The spec gives the clusters that had the traffic none any more, and no other is healthy: traffic goes nowhere.`,
      };
    case 'Static':
      return {
        is: 'Reconciling',
        reason: 'NobodyHealthy',
        message: `No cluster is healthy, so traffic stays where it was: ${to}.`,
      };
    case 'Following': {
      const blocked = members.find(({ sighting }) => sighting?.propagation?.is === 'Blocked');
      if (blocked?.sighting?.propagation === undefined)
        return { is: 'Ready', reason: 'Routed', message: `Traffic goes to ${to}; ${healthy}.` };
      const { reason, message } = blocked.sighting.propagation;
      return { is: 'Stalled', reason, message: `${blocked.member.name}: ${message}.` };
    }
  }
}

function failedOver({ decision, federation }: Findings, failed: readonly string[]): FederationCondition {
  const type = 'FailedOver';
  if (failed.length > 0) {
    const message = `${failed.join(', ')} failed; traffic goes to ${sharesText(decision.weights)}.`;
    return { type, status: 'True', reason: 'TrafficMoved', message };
  }
  const out = namesWhere(decision.standings, ({ is }) => is === 'Out').filter((name) =>
    Object.hasOwn(decision.weights, name),
  );
  if (out.length === 0)
    return { type, status: 'False', reason: 'NoFailure', message: 'Traffic is where it is without failures.' };
  const isOff = federation.spec.routing.failover === 'disabled';
  const why = isOff ? 'spec.routing.failover is disabled' : 'no other cluster is healthy';
  return {
    type,
    status: 'False',
    reason: isOff ? 'FailoverDisabled' : 'NobodyHealthy',
    message: `${out.join(', ')} failed and keeps its traffic: ${why}.`,
  };
}

function published({ published: { plan, problem }, outcome, federation }: Findings): FederationCondition {
  const type = 'Published';
  if (problem !== undefined) return { type, status: 'False', ...problem };
  const [failure] = outcome.failures;
  if (failure !== undefined) return { type, status: 'False', reason: failure.reason, message: failure.message };
  if (plan.steps.length === 0) {
    const message = 'Nothing was decided yet; what was published before stays as it is.';
    return { type, status: 'False', reason: 'Undecided', message };
  }
  const skipped = outcome.children.find(({ action }) => action === 'Skipped');
  if (skipped !== undefined) {
    const message = `${skipped.child} is not made: its kind is not installed. Install external-dns with its CRD dnsendpoints.externaldns.k8s.io.`;
    return { type, status: 'False', reason: 'KindMissing', message };
  }
  const where = federation.spec.publication?.dns === undefined ? 'the ConfigMap' : 'the ConfigMap and the DNSEndpoint';
  return { type, status: 'True', reason: 'UpToDate', message: `The weights are in ${where}.` };
}

/** `east (70%) and west (30%)`. */
function sharesText(weights: Readonly<Record<string, number>>): string {
  const shares = Object.entries(weights).map(([name, weight]) => ({ name, weight }));
  return shares
    .toSorted(byName)
    .map(({ name, weight }) => `${name} (${weight}%)`)
    .join(', ');
}

function namesWhere<T>(entries: Readonly<Record<string, T>>, isMeant: (entry: T) => boolean): readonly string[] {
  return Object.entries(entries)
    .filter(([, entry]) => isMeant(entry))
    .map(([name]) => name)
    .sort();
}
