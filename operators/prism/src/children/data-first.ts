import type { KubeObject, StatefulSet } from '@capstan/kube';
import { childName, desiredOf, type Plan, type StepObject } from '@capstan/runtime';
import { isKept } from '../adoption/sight.ts';
import type { PrismCluster } from '../api/v1alpha1/prism-cluster.ts';
import type { Observed } from '../observe.ts';
import { componentLabel } from '../pods/watched-pods.ts';
import { asItIs } from './as-it-is.ts';

/**
 * The plan with that ahead of everything by which data stays from now on: what waits for a step would still go when the cluster is
 * deleted meanwhile. A StatefulSet gets nothing but its claim policy in this pass, the rest of its changes in the next.
 */
export function dataFirst(plan: Plan, cluster: PrismCluster, observed: Observed): Plan {
  if (cluster.spec.deletionPolicy !== 'Retain') return plan;
  const sets = observed.statefulSets
    // Of one that somebody else made nothing may become ours but what the plan says, its claim policy among it.
    .filter((live) => losesClaims(live) && !isKept(observed.adoption, live.metadata.labels?.[componentLabel] ?? ''))
    .map((live) => asItIs(cluster, live));
  const claims = plan.steps.flatMap(({ objects }) => objects).filter((each) => isOwnedClaim(each, observed));
  const ahead = [...sets, ...claims];
  const named = new Set(ahead.map(nameOf));
  const rest = plan.steps.map((step) => ({
    ...step,
    objects: step.objects.filter((each) => !named.has(nameOf(each))),
  }));
  const learning = new Set(observed.statefulSets.filter(isLearning).map(childName));
  return {
    ...plan,
    steps: ahead.length === 0 ? rest : [{ name: 'data', objects: ahead }, ...rest],
    retained: (live) => plan.retained?.(live) === true || learning.has(childName(live)),
  };
}

function nameOf(object: StepObject): string {
  return childName(desiredOf(object));
}

function losesClaims({ metadata, spec }: StatefulSet): boolean {
  const { whenDeleted } = spec?.persistentVolumeClaimRetentionPolicy ?? {};
  return metadata.deletionTimestamp === undefined && whenDeleted === 'Delete';
}

/** Its claims are still as an earlier spec of it says, and would go with it. */
function isLearning({ metadata, status }: StatefulSet): boolean {
  const seen = status?.observedGeneration;
  return seen !== undefined && seen < (metadata.generation ?? 0);
}

function isOwnedClaim(object: StepObject, { live }: Observed): boolean {
  if (desiredOf(object).kind !== 'PersistentVolumeClaim') return false;
  const found: KubeObject | undefined = live(object);
  return found?.metadata.ownerReferences?.some(({ controller }) => controller === true) === true;
}
