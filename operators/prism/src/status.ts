import { configHash } from '@capstan/resources';
import { minutes, seconds, setConditions } from '@capstan/runtime';
import { conditionalTypes } from './api/v1alpha1/conditions.ts';
import type { ComponentStatus, PrismCluster, PrismClusterStatus } from './api/v1alpha1/prism-cluster.ts';
import type { Observed } from './observe.ts';
import { offeredMembers } from './rebootstrap/opt-in.ts';
import type { ComponentState } from './status/component-state.ts';
import { conditionsOf } from './status/conditions.ts';
import { phaseOf } from './status/phase.ts';
import { type Findings, type Situation, situationOf } from './status/situation.ts';

const withPods = seconds(5);

/** Status fields that follow the pods one by one: how long a change of nothing else may wait. */
export const unhurried = {
  adminStatus: withPods,
  proxyStatus: withPods,
  patternStatus: withPods,
  backendStatus: withPods,
  readyPatterns: withPods,
  readyBackends: withPods,
  // It changes with other fields only, which say how long they may wait.
  lastReconciled: minutes(60),
};

/**
 * The status of a cluster, from what one pass found.
 * @param now RFC 3339; becomes the time of the conditions that change, and of the status where anything of it does
 */
export function statusOf(cluster: PrismCluster, findings: Findings, now: string): PrismClusterStatus {
  const { lastReconciled, ...before } = cluster.status ?? {};
  const after = statusWithoutTime(cluster, situationOf(cluster, findings, now), now);
  // Hashes, because the order of fields is no change.
  const isSame = lastReconciled !== undefined && configHash(after) === configHash(before);
  return { ...after, lastReconciled: isSame ? lastReconciled : now };
}

function statusWithoutTime(cluster: PrismCluster, situation: Situation, now: string): PrismClusterStatus {
  const { natsOutage: _outage, bootstrappedBackends: _made, lastReconciled: _time, ...before } = cluster.status ?? {};
  const { adminEpoch: _epoch, adminRebootstrap: _step, offeredAdminReplicas: _offer, ...kept } = before;
  const { observed, isReadable } = situation;
  const generation = observedGeneration(cluster, situation);
  const seen = generation !== undefined && { observedGeneration: generation };
  const owned = isReadable ? conditionalTypes : [];
  const wanted = conditionsOf(situation);
  return {
    ...kept,
    phase: phaseOf(situation),
    conditions: setConditions(cluster.status?.conditions, wanted, { now, owned, ...seen }),
    ...seen,
    ...(isReadable && componentFields(situation.components)),
    ...adminFields(cluster, observed),
    ...(Object.keys(observed.bootstrappedBackends).length > 0 && {
      bootstrappedBackends: observed.bootstrappedBackends,
    }),
    ...(observed.natsOutage !== undefined && { natsOutage: observed.natsOutage }),
  };
}

function adminFields(cluster: PrismCluster, observed: Observed): PrismClusterStatus {
  const { bootstrapped, adminEpoch, rebootstrap } = observed;
  const offered = offeredMembers(cluster, observed);
  return {
    ...(bootstrapped > 0 && { bootstrappedAdminReplicas: bootstrapped }),
    ...(adminEpoch > 0 && { adminEpoch }),
    ...(rebootstrap !== undefined && { adminRebootstrap: rebootstrap }),
    ...(offered !== undefined && { offeredAdminReplicas: offered }),
  };
}

/** The generation moves on when it is carried out or refused, not while a write for it is being tried again. */
function observedGeneration({ metadata, status }: PrismCluster, { failures }: Findings): number | undefined {
  return failures.some(({ terminal }) => !terminal) ? status?.observedGeneration : metadata.generation;
}

function componentFields(components: readonly ComponentState[]): PrismClusterStatus {
  const of = (part: ComponentState['part']) => components.filter((each) => each.part === part);
  const [[admin], [proxy]] = [of('admin'), of('proxy')];
  return {
    ...(admin !== undefined && { adminStatus: componentStatus(admin) }),
    ...(proxy !== undefined && { proxyStatus: componentStatus(proxy) }),
    patternStatus: of('pattern').map(componentStatus),
    backendStatus: of('backend').map(componentStatus),
    readyPatterns: readyOf(of('pattern')),
    readyBackends: readyOf(of('backend')),
  };
}

function componentStatus(state: ComponentState): ComponentStatus {
  const { name, isAvailable, wanted, available, why, stuckGeneration } = state;
  return {
    ...{ name, ready: isAvailable, replicas: wanted, availableReplicas: available },
    ...(why !== undefined && { message: why }),
    ...(stuckGeneration !== undefined && { stuckGeneration }),
  };
}

function readyOf(components: readonly ComponentState[]): string {
  return `${components.filter(({ isAvailable }) => isAvailable).length}/${components.length}`;
}
