import type { PrismPatternSpec, Trigger } from '../../api/v1beta1/prism-pattern.ts';
import { backendKinds } from '../../backends/backend-kind.ts';
import { wantedScaler } from './scaler.ts';

/**
 * Why a trigger may not have the credentials that it names; `undefined` where all may. KEDA sends them wherever the trigger says, so
 * they must be of those whom the author of the pattern speaks for: not of the whole cluster of Kubernetes, nor those of a backend.
 */
export function authenticationProblem(spec: Pick<PrismPatternSpec, 'autoscaling'>): string | undefined {
  if (wantedScaler(spec) !== 'keda') return undefined;
  for (const [index, trigger] of (spec.autoscaling?.triggers ?? []).entries()) {
    const problem = problemOf(trigger, `spec.autoscaling.triggers[${index}].authenticationRef`);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function problemOf({ authenticationRef }: Trigger, field: string): string | undefined {
  if (authenticationRef === undefined) return undefined;
  const { kind = 'TriggerAuthentication', name } = authenticationRef;
  if (kind !== 'TriggerAuthentication')
    return `${field}.kind: must not be ${kind}, whose credentials are for all namespaces, and would be sent wherever the trigger says: make a TriggerAuthentication in the namespace of the pattern, and name that`;
  if (!madeForBackends.test(name)) return undefined;
  return `${field}.name: ${name} is a name that TriggerAuthentications with the credentials of backends have, which are for the backends of the cluster alone: to ask one of those leave authenticationRef and the address out, or else name a TriggerAuthentication of your own that is called otherwise`;
}

/** `<workload>-<backend>`: the name of a workload ends with `-runner`, or with a hash. Of any cluster, for all of a namespace are in reach. */
const madeForBackends = new RegExp(`-(?:runner|[0-9a-f]{8})-(?:${backendKinds.join('|')})$`);
