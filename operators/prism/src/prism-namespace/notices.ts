import type { PrismNamespace } from '../api/v1alpha2/prism-namespace.ts';
import type { Wanted } from './admin-conditions.ts';
import type { Worked } from './findings.ts';
import { namespaceChildName } from './namespace-labels.ts';
import { namedPatterns } from './patterns-known.ts';

/** What of the spec has another effect than its words promise, or has one that is worth telling. */
export function notices(namespace: PrismNamespace, worked: Worked): readonly Wanted[] {
  return [
    patternsKnown(namespace, worked),
    ...quotaEnforced(namespace, worked),
    ...isolated(namespace, worked),
    ...runnersDedicated(namespace, worked),
  ];
}

function patternsKnown(namespace: PrismNamespace, worked: Worked): Wanted {
  const { unknown } = namedPatterns(namespace, worked);
  const type = 'PatternsKnown';
  if (unknown.length === 0)
    return { type, status: 'True', reason: 'AllKnown', message: 'the cluster has all patterns that are named' };
  const { cluster } = namespace.spec;
  const message = `the cluster ${cluster} has no pattern ${unknown.join(', ')}: add it to spec.patterns there, make a PrismPattern, or take it out here`;
  return { type, status: 'False', reason: 'PatternsUnknown', message };
}

const numbers = ['maxSessions', 'maxRequestsPerSecond', 'maxStorage'] as const;

function quotaEnforced(namespace: PrismNamespace, worked: Worked): readonly Wanted[] {
  const { quota } = namespace.spec;
  if (quota === undefined) return [];
  const type = 'QuotaEnforced';
  const told = numbers.filter((name) => quota[name] !== undefined);
  const kept = `nothing enforces ${told.join(', ')}: prism-admin keeps the numbers with the namespace, and no released Prism looks at them`;
  const limits = quota.resources === undefined ? undefined : resourcesLimited(namespace, worked);
  if (told.length > 0) {
    const message = limits === undefined ? kept : `${kept}. ${limits.message}`;
    return [{ type, status: 'False', reason: 'Unsupported', message }];
  }
  return limits === undefined ? [] : [limits];
}

function resourcesLimited(namespace: PrismNamespace, { observed, outcome }: Worked): Wanted {
  const type = 'QuotaEnforced';
  const { neighbours } = observed;
  if (neighbours.length > 0) {
    const message = `quota.resources makes no ResourceQuota, which would limit others too: ${neighbours.join(', ')} ${neighbours.length === 1 ? 'is' : 'are'} in the same Kubernetes namespace`;
    return { type, status: 'False', reason: 'NotUnambiguous', message };
  }
  const name = `ResourceQuota/${namespaceChildName(namespace)}`;
  if (hasFailed(outcome, name)) return { type, status: 'False', reason: 'Failed', message: `${name} is not made` };
  return { type, status: 'True', reason: 'Made', message: `${name} limits the Kubernetes namespace` };
}

function isolated(namespace: PrismNamespace, { sight, outcome }: Worked): readonly Wanted[] {
  const { isolation, dedicatedRunners } = namespace.spec;
  if (isolation === 'none') return [];
  const type = 'Isolated';
  const not = (reason: Wanted['reason'], message: string): readonly Wanted[] => [
    { type, status: 'False', reason, message },
  ];
  if (!sight.cluster.spec.networkPolicy.enabled)
    return not(
      'FencesDisabled',
      'no NetworkPolicy is made, because spec.networkPolicy.enabled of the cluster is false',
    );
  const name = `NetworkPolicy/${namespaceChildName(namespace)}`;
  if (hasFailed(outcome, name)) return not('Failed', `${name} is not made`);
  if (!dedicatedRunners)
    return not(
      'RunnersShared',
      `the runners serve other namespaces too: ask for dedicatedRunners, which ${name} closes`,
    );
  if (isolation === 'session')
    return not('SessionsUnsupported', `${name} closes its runners, but no released Prism keeps sessions apart`);
  return [{ type, status: 'True', reason: 'Fenced', message: `${name} closes its runners to other namespaces` }];
}

function runnersDedicated(namespace: PrismNamespace, worked: Worked): readonly Wanted[] {
  if (!namespace.spec.dedicatedRunners) return [];
  const type = 'RunnersDedicated';
  const { ofCluster, ofResources } = namedPatterns(namespace, worked);
  if (ofResources.length > 0) {
    const message = `${ofResources.join(', ')} cannot be made again for this namespace: a PrismPattern says by spec.prismNamespace whom it serves`;
    return [{ type, status: 'False', reason: 'Unsupported', message }];
  }
  const failed = worked.outcome.children.filter(
    ({ child, action }) => child.startsWith('PrismPattern/') && (action === 'Failed' || action === 'Held'),
  );
  if (failed.length > 0)
    return [
      { type, status: 'False', reason: 'Failed', message: `not made: ${failed.map(({ child }) => child).join(', ')}` },
    ];
  const message =
    ofCluster.length === 0 ? 'there is no pattern to make any for' : `runners are made for ${ofCluster.join(', ')}`;
  return [{ type, status: 'True', reason: 'Made', message }];
}

function hasFailed({ children }: Worked['outcome'], name: string): boolean {
  return children.some(({ child, action }) => child === name && action === 'Failed');
}
