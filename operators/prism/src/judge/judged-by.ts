import { Deployment, type KubeObject, StatefulSet } from '@capstan/kube';
import { type CacheReader, desiredOf, type Plan, type StepObject } from '@capstan/runtime';
import type { PrismCluster } from '../api/v1alpha1/prism-cluster.ts';
import { type PlanOptions, planChildren } from '../children/plan.ts';
import { isOwnedBy } from '../components.ts';
import { namespaceOf } from '../names.ts';
import type { Observed } from '../observe.ts';
import type { Judged } from './guard.ts';

type Cache = Pick<CacheReader<PrismCluster>, 'get'>;

/** What a spec is judged by; the plan is made once, and not before somebody looks at it. */
export function judgedBy(cluster: PrismCluster, observed: Observed, options: PlanOptions, cache: Cache): Judged {
  let made: Plan | undefined;
  return {
    admin: observed,
    replays: observed.replays,
    bootstrappedBackends: observed.bootstrappedBackends,
    adoption: observed.adoption,
    plan: () => {
      made ??= planChildren(cluster, observed, options);
      return made;
    },
    live: (wanted) => liveOf(wanted, cluster, cache),
  };
}

/** What the cluster has of an object that is wanted. Of workloads only; of the rest not everything is watched. */
export function liveOf(wanted: StepObject, cluster: PrismCluster, cache: Cache): KubeObject | undefined {
  const { kind, metadata } = desiredOf(wanted);
  const type = [Deployment, StatefulSet].find((each) => each.kind === kind);
  if (type === undefined || metadata.name === undefined) return undefined;
  const found = cache.get<KubeObject>(type, { namespace: namespaceOf(cluster), name: metadata.name });
  return found !== undefined && isOwnedBy(found, cluster) ? found : undefined;
}
