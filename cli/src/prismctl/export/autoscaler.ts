import type { HorizontalPodAutoscaler } from '@capstan/kube';
import type { ProxyDraft } from './cluster-draft.ts';
import type { DescribedComponent } from './component.ts';
import { type Finding, leftOut } from './finding.ts';
import { holderOf } from './holder.ts';
import type { LiveObjects, Workload } from './live-objects.ts';

type AutoscalingDraft = NonNullable<ProxyDraft['autoscaling']>;
type Metric = NonNullable<NonNullable<HorizontalPodAutoscaler['spec']>['metrics']>[number];

export interface AutoscalerAnswer {
  readonly autoscaler?: HorizontalPodAutoscaler;
  readonly autoscaling?: AutoscalingDraft;
  readonly findings: readonly Finding[];
}

/** The autoscaler of prism-proxy, where a cluster can say what it does. */
export function describeAutoscaler(described: DescribedComponent, live: LiveObjects): AutoscalerAnswer {
  const own = live.autoscalers.filter((each) => scales(each, described.workload));
  const [autoscaler, another] = own;
  if (autoscaler === undefined) return { findings: [] };
  const problem =
    another === undefined
      ? (holderOf(autoscaler) ?? inexpressible(autoscaler, described))
      : 'several autoscalers scale prism-proxy: which of them is meant cannot be told';
  if (problem !== undefined)
    return { findings: own.map((each) => leftOut(each, `${problem}; it goes on as it is, and decides`)) };
  return { autoscaler, autoscaling: autoscalingOf(autoscaler), findings: [] };
}

/** Whether an autoscaler is for a workload. */
export function scales({ metadata, spec }: HorizontalPodAutoscaler, workload: Workload): boolean {
  const { kind, name } = spec?.scaleTargetRef ?? {};
  const isHere = metadata.namespace === workload.metadata.namespace;
  return isHere && kind === workload.kind && name === workload.metadata.name;
}

/** Why a cluster cannot say what it does. */
function inexpressible({ spec }: HorizontalPodAutoscaler, { fields }: DescribedComponent): string | undefined {
  const metrics = spec?.metrics ?? [];
  const others = metrics.filter((metric) => targetOf(metric) === undefined).map(({ type }) => type);
  if (others.length > 0)
    return `it goes by ${others.join(', ')}; a cluster can say utilisation of cpu and memory alone`;
  if (spec?.behavior !== undefined) return 'it has a behavior of its own, which a cluster cannot say';
  const { requests = {}, limits = {} } = fields.resources ?? {};
  const lacking = metrics
    .flatMap((metric) => metric.resource?.name ?? [])
    .filter((name) => !(name in requests) && !(name in limits));
  return lacking.length > 0
    ? `it aims at a share of the ${lacking.join(' and ')} that prism-proxy requests, which requests none`
    : undefined;
}

function targetOf({ type, resource }: Metric): number | undefined {
  const isKnown = type === 'Resource' && (resource?.name === 'cpu' || resource?.name === 'memory');
  return isKnown && resource.target.type === 'Utilization' ? resource.target.averageUtilization : undefined;
}

function autoscalingOf({ spec }: HorizontalPodAutoscaler): AutoscalingDraft {
  const target = (of: 'cpu' | 'memory') =>
    (spec?.metrics ?? []).filter(({ resource }) => resource?.name === of).map(targetOf)[0];
  const [targetCPU, targetMemory] = [target('cpu'), target('memory')];
  return {
    minReplicas: spec?.minReplicas ?? 1,
    ...(spec?.maxReplicas !== undefined && { maxReplicas: spec.maxReplicas }),
    ...(targetCPU !== undefined && { targetCPU }),
    ...(targetMemory !== undefined && { targetMemory }),
  };
}
