import { type Standing, type StatusOf, setConditions, standardConditions } from '@capstan/runtime';
import type { SampleApp } from './api/v1alpha1/sample-app.ts';
import type { Refusal } from './judge/guard.ts';
import type { Observed } from './observe.ts';

/** What the user is told. Times move only when something changed, so that saying the same again costs no write. */
export function statusOf(
  { metadata, status }: SampleApp,
  { deployment }: Observed,
  standing: Standing,
  now: string,
): StatusOf<SampleApp> {
  const observedGeneration = metadata.generation;
  const conditions = setConditions(status?.conditions, standardConditions(standing), { now, observedGeneration });
  return {
    ...(observedGeneration !== undefined && { observedGeneration }),
    readyReplicas: deployment?.status?.readyReplicas ?? 0,
    conditions,
  };
}

/** Nothing moves until the user changes the sample app. */
export function refused({ reason, message }: Refusal): Standing {
  return { is: 'Stalled', reason, message };
}
