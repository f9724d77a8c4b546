import { unsupportedFields } from '../api/v1alpha1/fields-without-effect.ts';
import { securityAsked } from '../api/v1alpha1/security.ts';
import type { StreamBusClusterSpec } from '../api/v1alpha1/stream-bus-cluster.ts';
import { blockerOf } from './blockers.ts';
import { progressOf } from './progress.ts';
import type { Situation } from './situation.ts';
import type { WantedCondition } from './wanted-condition.ts';

/** Every condition a cluster should have now. */
export function conditionsOf(situation: Situation): readonly WantedCondition[] {
  const { spec } = situation;
  return [
    ready(situation),
    accepted(situation),
    initialized(situation),
    reconciling(situation),
    stalled(situation),
    ...(spec === undefined ? [] : [...securityEnforced(spec), ...tenancyEnforced(spec), ...unsupported(spec)]),
  ];
}

function ready(situation: Situation): WantedCondition {
  const obstacle = blockerOf(situation) ?? progressOf(situation);
  if (obstacle !== undefined) return { type: 'Ready', status: 'False', ...obstacle };
  const { size } = situation;
  const message = size === 1 ? 'The broker accepts clients.' : `All ${size} brokers accept clients.`;
  return { type: 'Ready', status: 'True', reason: 'AllBrokersReady', message };
}

function accepted({ refusal }: Situation): WantedCondition {
  if (refusal !== undefined)
    return { type: 'Accepted', status: 'False', reason: refusal.reason, message: `${refusal.message}.` };
  return { type: 'Accepted', status: 'True', reason: 'SpecAccepted', message: 'The spec is valid.' };
}

function initialized(situation: Situation): WantedCondition {
  if (situation.initialized) {
    const message = 'All brokers were ready together: the raft quorum has formed.';
    return { type: 'Initialized', status: 'True', reason: 'AllBrokersReadyOnce', message };
  }
  const message = 'The brokers have not all been ready together yet.';
  return { type: 'Initialized', status: 'False', reason: 'FirstStart', message };
}

function reconciling(situation: Situation): WantedCondition {
  const retry = situation.failures.find(({ terminal }) => !terminal);
  const progress = situation.refusal === undefined ? progressOf(situation) : undefined;
  if (retry !== undefined) {
    const message = [progress?.message, `Trying again: ${retry.message}`].filter(Boolean).join(' ');
    return { type: 'Reconciling', status: 'True', reason: progress?.reason ?? 'Retrying', message };
  }
  const isHalted = situation.failures.length > 0;
  if (progress !== undefined && !isHalted) return { type: 'Reconciling', status: 'True', ...progress };
  if (blockerOf(situation) !== undefined) {
    return { type: 'Reconciling', status: 'False', reason: 'ActionNeeded', message: 'See condition Stalled.' };
  }
  return { type: 'Reconciling', status: 'False', reason: 'UpToDate', message: 'Everything is as the spec says.' };
}

function stalled(situation: Situation): WantedCondition {
  const blocker = blockerOf(situation);
  if (blocker !== undefined) return { type: 'Stalled', status: 'True', ...blocker };
  return { type: 'Stalled', status: 'False', reason: 'NoActionNeeded', message: 'Nobody has to do anything.' };
}

function securityEnforced(spec: StreamBusClusterSpec): readonly WantedCondition[] {
  const asked = securityAsked(spec);
  if (asked.length === 0) return [];
  const message = `Not enforced, because the broker cannot: ${asked.join(', ')}.`;
  return [{ type: 'SecurityEnforced', status: 'False', reason: 'BrokerUnsupported', message }];
}

function tenancyEnforced({ multiTenancy }: StreamBusClusterSpec): readonly WantedCondition[] {
  if (multiTenancy?.enabled !== true) return [];
  const message =
    'Isolation and quotas are not enforced, because the broker has no tenants: everybody shares everything.';
  return [{ type: 'TenancyEnforced', status: 'False', reason: 'BrokerUnsupported', message }];
}

function unsupported(spec: StreamBusClusterSpec): readonly WantedCondition[] {
  const fields = unsupportedFields(spec);
  if (fields.length === 0) return [];
  const message = `These fields do nothing: ${fields.join(', ')}.`;
  return [{ type: 'UnsupportedFields', status: 'True', reason: 'NoEffect', message }];
}
