import type { Draft, KubeObject } from '@capstan/kube';
import { nodeAt } from './field-set.ts';
import { wantsReplicas } from './hand-over.ts';
import { fieldOf, isRecord } from './json-value.ts';
import { isStripped } from './managed-fields.ts';
import type { Recollection } from './memory.ts';
import type { SealedBody } from './seal.ts';

/**
 * The names under which the HorizontalPodAutoscaler controller writes, and KEDA, which itself takes a workload down to no pods and up
 * from there; a person's `kubectl scale` carries another.
 */
const autoscalerManagers: ReadonlySet<string | undefined> = new Set(['kube-controller-manager', 'keda']);

/**
 * Whether an autoscaler decides how many replicas a child has although the body says how many: it took the field by the
 * `scale` subresource. Told by the ownership records alone, so it is known after a restart too.
 *
 * @param recalled what the memory knows of it; asked where the cache has dropped the records, which it does once a body without
 *   the field was found to be right
 */
export function isAutoscaled(
  body: Draft<KubeObject>,
  live: KubeObject | undefined,
  recalled: Recollection | undefined,
): boolean {
  if (live === undefined || !wantsReplicas(body)) return false;
  if (isStripped(live)) return recalled !== undefined && !recalled.ownsReplicas;
  return (live.metadata.managedFields ?? []).some(
    ({ manager, subresource, fieldsV1 }) =>
      autoscalerManagers.has(manager) &&
      subresource === 'scale' &&
      nodeAt(fieldsV1, ['f:spec', 'f:replicas']) !== undefined,
  );
}

/** The body with another number of replicas, under the seal of the whole. */
export function withReplicas({ body, desiredHash }: SealedBody, replicas: number): SealedBody {
  const spec = fieldOf(body, 'spec');
  if (!isRecord(spec)) return { body, desiredHash };
  const changed = { ...body, spec: { ...spec, replicas } };
  return { body: changed, desiredHash };
}

/**
 * The body without `.spec.replicas`, under the seal of the whole: a change of the number is still a change. It is for this very
 * object: should that be gone by now, the server refuses (409), where it would make a new one with a single replica.
 */
export function withoutReplicas({ body, desiredHash }: SealedBody, live: KubeObject | undefined): SealedBody {
  const spec = fieldOf(body, 'spec');
  if (!isRecord(spec)) return { body, desiredHash };
  const { replicas: _replicas, ...rest } = spec;
  const uid = live?.metadata.uid;
  const left = { ...body, metadata: { ...body.metadata, ...(uid !== undefined && { uid }) }, spec: rest };
  return { body: left, desiredHash };
}
