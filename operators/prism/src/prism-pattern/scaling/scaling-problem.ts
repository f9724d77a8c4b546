import type { Autoscaling, PrismPatternSpec } from '../../api/v1beta1/prism-pattern.ts';
import { requests } from './resource-requests.ts';
import { wantedScaler } from './scaler.ts';

/** Why an autoscaler could not do what it is asked to, of what the schema does not see; `undefined` when it could. */
export function scalingProblem(spec: PrismPatternSpec): string | undefined {
  const { autoscaling } = spec;
  if (autoscaling === undefined) return undefined;
  switch (wantedScaler(spec)) {
    case 'none':
      return undefined;
    case 'hpa':
      return metricProblem(spec, autoscaling);
    case 'keda':
      return triggerProblem(spec, autoscaling);
  }
}

const usages: ReadonlySet<string> = new Set(['cpu', 'memory']);

function metricProblem(spec: PrismPatternSpec, { metrics = [] }: Autoscaling): string | undefined {
  for (const [index, metric] of metrics.entries()) {
    const field = `spec.autoscaling.metrics[${index}]`;
    const part = metric.type.charAt(0).toLowerCase() + metric.type.slice(1);
    if (!Object.hasOwn(metric, part)) return `${field}.${part}: is needed for a metric of type ${metric.type}`;
    const { name, target } = metric.resource ?? {};
    if (target?.type === 'Utilization' && name !== undefined && usages.has(name) && !requests(spec, name))
      return `${field}.resource: needs spec.resources.requests.${name}: it aims at a share of what is requested`;
  }
  return undefined;
}

function triggerProblem(spec: PrismPatternSpec, { triggers = [], minReplicas }: Autoscaling): string | undefined {
  if (minReplicas === 0 && triggers.every(({ type }) => usages.has(type)))
    return 'spec.autoscaling.minReplicas: must be 1 at least where cpu and memory are all that is measured: no pod, no usage';
  const index = triggers.findIndex(({ type }) => usages.has(type) && !requests(spec, type));
  if (index < 0) return undefined;
  const { type } = triggers[index] ?? {};
  return `spec.autoscaling.triggers[${index}]: needs spec.resources.requests.${type}: KEDA has it measured against what is requested`;
}
