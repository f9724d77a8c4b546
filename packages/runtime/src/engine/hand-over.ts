import { apiVersionOf, type Draft, type KubeObject, type ObjectRef, type ResourceType } from '@capstan/kube';
import type { ChildRequests } from './child-requests.ts';
import { fieldOf } from './json-value.ts';
import { ownsReplicas } from './managed-fields.ts';

/**
 * Gives `.spec.replicas` to a second manager, `<fieldManager>-handover`, with the value it has now.
 *
 * To be done before a body that leaves the field out is applied for the first time: the server would remove what nobody
 * owns any more and default it to 1, which stops all pods but one. An autoscaler takes the field from the second manager.
 * Never by force: whoever changed it meanwhile has it already.
 *
 * @returns whether it was handed over; false when we do not own it (any more)
 */
export function handOverReplicas(requests: ChildRequests, type: ResourceType, ref: ObjectRef): Promise<boolean> {
  return requests.retryingConflicts(async () => {
    const live = await requests.read();
    if (live === undefined || live.metadata.deletionTimestamp !== undefined || !ownsReplicas(live, requests.names))
      return false;
    const replicas = fieldOf(fieldOf(live, 'spec'), 'replicas');
    if (replicas === undefined) return false;
    await requests.applyAs(`${requests.names.fieldManager}-handover`, replicasOnly(type, ref, live, replicas));
    return true;
  });
}

function replicasOnly(
  type: ResourceType,
  { namespace, name }: ObjectRef,
  live: KubeObject,
  replicas: unknown,
): Draft<KubeObject> {
  const { uid } = live.metadata;
  const metadata = { name, ...(namespace !== undefined && { namespace }), ...(uid !== undefined && { uid }) };
  const body = { apiVersion: apiVersionOf(type), kind: type.kind, metadata, spec: { replicas } };
  return body;
}

/** Whether a body says how many replicas there should be. */
export function wantsReplicas(body: Draft<KubeObject>): boolean {
  return fieldOf(fieldOf(body, 'spec'), 'replicas') !== undefined;
}
