import { ApiError, HorizontalPodAutoscaler, type PolicyRule } from '@capstan/kube';
import { isAutoscaled } from '../engine/autoscaled-replicas.ts';
import type { Candidate, PlanContext } from './apply-child.ts';

/**
 * What a controller asks of the API server to see that an autoscaler is gone, for its `calls`. Without it the number of
 * replicas stays with whoever scaled the child last.
 */
export const autoscalerCalls: readonly PolicyRule[] = [
  { apiGroups: ['autoscaling'], resources: ['horizontalpodautoscalers'], verbs: ['list'] },
];

/**
 * Whether an autoscaler still decides about the replicas of a child that is about to be written.
 *
 * The ownership records keep naming an autoscaler that was deleted, so it is looked for; at this moment only, as nothing is
 * polled. Who may not look leaves the number alone: to scale a loaded service down by mistake is the worse error.
 */
export async function hasAutoscaler(
  { kind: { type }, whole, memoryKey }: Pick<Candidate, 'kind' | 'whole' | 'memoryKey'>,
  { client, memory, signal }: PlanContext,
): Promise<boolean> {
  const { namespace, name = '' } = whole.body.metadata;
  const live = await client.get(type, { namespace, name }, { metadataOnly: true, signal });
  if (!isAutoscaled(whole.body, live, memory.recall(memoryKey))) return false;
  try {
    const { items } = await client.list(HorizontalPodAutoscaler, { namespace, signal });
    return items.some(({ spec }) => spec?.scaleTargetRef.kind === type.kind && spec.scaleTargetRef.name === name);
  } catch (error) {
    if (error instanceof ApiError && error.status === 403) return true;
    throw error;
  }
}
