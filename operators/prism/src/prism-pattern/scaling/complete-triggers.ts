import type { ScaleTrigger } from '@capstan/resources';
import type { PrismCluster } from '../../api/v1alpha1/prism-cluster.ts';
import type { Autoscaling, Trigger } from '../../api/v1beta1/prism-pattern.ts';
import { enabledBackend } from '../../backends/backend-kind.ts';
import { type Connection, connectionOf } from '../../backends/connection.ts';
import { type BackendTrigger, backendTriggers } from './backend-triggers.ts';

/** A trigger that asks a backend of the cluster. */
export interface AskedBackend {
  readonly trigger: BackendTrigger;
  readonly connection: Connection;
}

/** The triggers of a pattern, as KEDA gets them. */
export interface CompleteTriggers {
  readonly triggers: readonly ScaleTrigger[];
  /** Backends of which addresses were filled in, each once for each kind of trigger. */
  readonly asked: readonly AskedBackend[];
  /** What KEDA could not ask, by field, each with what to do. */
  readonly missing: readonly string[];
}

/**
 * Fills in the addresses of the backends of the cluster where a trigger leaves them out, and the credentials by reference.
 * @param authenticationName of the TriggerAuthentication for a backend
 */
export function completeTriggers(
  { triggers = [], targetCPU, targetMemory }: Autoscaling,
  cluster: PrismCluster,
  authenticationName: (backend: string) => string,
): CompleteTriggers {
  const each = triggers.map((trigger, index) => complete(trigger, index, { cluster, authenticationName }));
  return {
    triggers: [...each.map(({ trigger }) => trigger), ...usage('cpu', targetCPU), ...usage('memory', targetMemory)],
    asked: each.flatMap(({ asked }) => asked ?? []),
    missing: each.flatMap(({ missing }) => missing ?? []),
  };
}

interface Completing {
  readonly cluster: PrismCluster;
  readonly authenticationName: (backend: string) => string;
}

interface Completed {
  readonly trigger: ScaleTrigger;
  readonly asked?: AskedBackend;
  readonly missing?: string;
}

function complete(given: Trigger, index: number, { cluster, authenticationName }: Completing): Completed {
  const known = Object.hasOwn(backendTriggers, given.type) ? backendTriggers[given.type] : undefined;
  if (known === undefined || known.addresses.some((key) => given.metadata[key] !== undefined))
    return { trigger: given };
  const [address] = known.addresses;
  const field = `spec.autoscaling.triggers[${index}].metadata.${address}`;
  if (enabledBackend(cluster, known.kind) === undefined) {
    const missing = `${field}: is needed, for the cluster has no ${known.kind} that could be meant: give it, or enable spec.backends.${known.kind} there`;
    return { trigger: given, missing };
  }
  const connection = connectionOf(known.kind, cluster, {});
  const filled = known.fill(connection, cluster);
  if (filled === undefined)
    return { trigger: given, missing: `${field}: is needed for a ${known.kind} that runs elsewhere` };
  const hasLogin = connection.secretName !== undefined && Object.keys(known.login).length > 0;
  const trigger: ScaleTrigger = {
    ...given,
    metadata: { ...filled, ...given.metadata },
    ...(hasLogin && { authenticationRef: given.authenticationRef ?? { name: authenticationName(known.kind) } }),
  };
  return { trigger, asked: { trigger: known, connection } };
}

/** KEDA measures usage by triggers of its own. */
function usage(type: 'cpu' | 'memory', percent: number | undefined): readonly ScaleTrigger[] {
  if (percent === undefined) return [];
  return [{ type, metricType: 'Utilization', metadata: { value: `${percent}` } }];
}
