import type { PrismClusterSpec } from '../api/v1alpha1/prism-cluster.ts';
import type { PrismNamespace } from '../api/v1alpha2/prism-namespace.ts';
import type { Wanted } from './admin-conditions.ts';
import { quotaLeave } from './children/plan.ts';
import type { Worked } from './findings.ts';
import { namespaceChildName } from './namespace-labels.ts';
import { mostTold } from './neighbours.ts';
import { namedPatterns } from './patterns-known.ts';
import { runnerStates } from './runners.ts';

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
  const kept = numbers.filter((name) => quota[name] !== undefined);
  const unenforced = `nothing enforces ${kept.join(', ')}: prism-admin keeps the numbers with the namespace, and no released Prism looks at them`;
  const limits = quota.resources === undefined ? undefined : resourcesLimited(namespace, worked);
  if (kept.length > 0) {
    const message = limits === undefined ? unenforced : `${unenforced}. ${limits.message}`;
    return [{ type, status: 'False', reason: 'Unsupported', message }];
  }
  return limits === undefined ? [] : [limits];
}

function resourcesLimited(namespace: PrismNamespace, { sight, observed, outcome }: Worked): Wanted {
  const type = 'QuotaEnforced';
  const leave = quotaLeave(sight.cluster, observed);
  if (leave === 'NotAllowed') {
    const message = `quota.resources makes no ResourceQuota, which would limit the whole Kubernetes namespace: ${consent(namespace, 'allowResourceQuotas')}`;
    return { type, status: 'False', reason: 'NotAllowed', message };
  }
  if (leave === 'NotAlone') {
    const message = `quota.resources makes no ResourceQuota, which would limit others too that are in the same Kubernetes namespace: ${told(observed.neighbours)}`;
    return { type, status: 'False', reason: 'NotUnambiguous', message };
  }
  const name = `ResourceQuota/${namespaceChildName(namespace)}`;
  if (hasFailed(outcome, name)) return { type, status: 'False', reason: 'Failed', message: `${name} is not made` };
  const others = observed.neighbours.length === 0 ? '' : `, and with it who came later: ${told(observed.neighbours)}`;
  return { type, status: 'True', reason: 'Made', message: `${name} limits the Kubernetes namespace${others}` };
}

/** Not how many: with that, each who comes would change what everybody else is told. */
function told(neighbours: readonly string[]): string {
  const others = neighbours.length > mostTold ? ' and others' : '';
  return `${neighbours.slice(0, mostTold).join(', ')}${others}`;
}

function consent({ spec }: PrismNamespace, field: keyof PrismClusterSpec['tenancy']): string {
  return `PrismCluster ${spec.cluster} does not allow it; set spec.tenancy.${field} there`;
}

function isolated(namespace: PrismNamespace, worked: Worked): readonly Wanted[] {
  const { isolation, dedicatedRunners } = namespace.spec;
  if (isolation === 'none') return [];
  const type = 'Isolated';
  const not = (reason: Wanted['reason'], message: string): readonly Wanted[] => [
    { type, status: 'False', reason, message },
  ];
  if (!worked.sight.cluster.spec.networkPolicy.enabled)
    return not(
      'FencesDisabled',
      'no NetworkPolicy is made, because spec.networkPolicy.enabled of the cluster is false',
    );
  const name = `NetworkPolicy/${namespaceChildName(namespace)}`;
  if (hasFailed(worked.outcome, name)) return not('Failed', `${name} is not made`);
  if (!dedicatedRunners)
    return not(
      'RunnersShared',
      `the runners serve other namespaces too: ask for dedicatedRunners, which ${name} closes`,
    );
  const lack = runnersDedicated(namespace, worked).find(({ status }) => status !== 'True');
  if (lack !== undefined) return not(lack.reason, `${name} closes runners of its own, which it lacks: ${lack.message}`);
  if (isolation === 'session')
    return not('SessionsUnsupported', `${name} closes its runners, but no released Prism keeps sessions apart`);
  return [{ type, status: 'True', reason: 'Fenced', message: `${name} closes its runners to other namespaces` }];
}

function runnersDedicated(namespace: PrismNamespace, worked: Worked): readonly Wanted[] {
  if (!namespace.spec.dedicatedRunners) return [];
  return [{ type: 'RunnersDedicated', ...(runnersLacking(namespace, worked) ?? runnersThere(namespace, worked)) }];
}

type Finding = Omit<Wanted, 'type'>;

/** Why there are no runners of its own, or not all of them; `undefined` where there are. */
function runnersLacking(namespace: PrismNamespace, worked: Worked): Finding | undefined {
  const { sight, observed, outcome } = worked;
  const lacking = (reason: Wanted['reason'], message: string): Finding => ({ status: 'False', reason, message });
  if (!sight.cluster.spec.tenancy.allowDedicatedRunners)
    return lacking('NotAllowed', `no runners are made: ${consent(namespace, 'allowDedicatedRunners')}`);
  const { ofResources } = namedPatterns(namespace, worked);
  if (ofResources.length > 0) {
    const message = `${ofResources.join(', ')} cannot be made again for this namespace: a PrismPattern says by spec.prismNamespace whom it serves`;
    return lacking('Unsupported', message);
  }
  const failed = outcome.children.filter(
    ({ child, action }) => child.startsWith('PrismPattern/') && (action === 'Failed' || action === 'Held'),
  );
  if (failed.length > 0) return lacking('Failed', `not made: ${failed.map(({ child }) => child).join(', ')}`);
  const states = runnerStates(namespace, sight.cluster, observed.patternResources);
  const notRunning = states.find(({ is }) => is === 'Stalled') ?? states.find(({ is }) => is === 'Waiting');
  if (notRunning === undefined) return undefined;
  const reason = notRunning.is === 'Stalled' ? 'RunnersStalled' : 'Waiting';
  return lacking(reason, `PrismPattern ${notRunning.name} does not run: ${notRunning.message}`);
}

function runnersThere(namespace: PrismNamespace, worked: Worked): Finding {
  const { ofCluster } = namedPatterns(namespace, worked);
  const message =
    ofCluster.length === 0 ? 'there is no pattern to make any for' : `runners are made for ${ofCluster.join(', ')}`;
  return { status: 'True', reason: 'Made', message };
}

function hasFailed({ children }: Worked['outcome'], name: string): boolean {
  return children.some(({ child, action }) => child === name && action === 'Failed');
}
