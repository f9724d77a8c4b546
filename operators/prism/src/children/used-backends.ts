import { rolloutOf } from '@capstan/runtime';
import type { PrismCluster, PrismPattern } from '../api/v1alpha1/prism-cluster.ts';
import { type BackendKind, backendKinds, enabledBackend } from '../backends/backend-kind.ts';
import { runnerName } from '../names.ts';
import type { Observed } from '../observe.ts';

/** On the workload of a pattern: the backends that run here and that its pods are made for. */
const presentAnnotation = 'prism.io/backends';

/** On the workload of a pattern: the backends that pods of it from before the present roll-out may still use. */
const formerAnnotation = 'prism.io/former-backends';

/** The backends that run here and that pods of a pattern use. */
export interface UsedBackends {
  /** Those that it names. */
  readonly present: readonly BackendKind[];
  /** Those that it named before, until the last pod from then is gone. */
  readonly former: readonly BackendKind[];
}

/** Tells which backends the pods of a pattern use, from what was written on its workload when it was last applied. */
export function usedBackends(
  cluster: PrismCluster,
  { name, backends }: PrismPattern,
  { workloads, pods }: Pick<Observed, 'workloads' | 'pods'>,
): UsedBackends {
  const named: readonly string[] = backends;
  const present = backendKinds.filter((kind) => named.includes(kind) && runsHere(cluster, kind));
  const component = runnerName(name);
  const live = workloads.get(component);
  if (live === undefined) return { present, former: [] };
  const [applied, before] = [presentAnnotation, formerAnnotation].map((key) =>
    kindsIn(live.metadata.annotations?.[key]),
  );
  const isApplied = `${applied}` === `${present}`;
  const isLeaving = pods.some((pod) => pod.component === component && pod.isTerminating);
  if (isApplied && rolloutOf(live).state === 'Complete' && !isLeaving) return { present, former: [] };
  const used = new Set([...(before ?? []), ...(applied ?? [])]);
  return { present, former: backendKinds.filter((kind) => used.has(kind) && !present.includes(kind)) };
}

/** What is written on a workload to know it later. */
export function usedBackendsAnnotations({ present, former }: UsedBackends): Readonly<Record<string, string>> {
  return {
    [presentAnnotation]: present.join(','),
    ...(former.length > 0 && { [formerAnnotation]: former.join(',') }),
  };
}

function runsHere(cluster: PrismCluster, kind: BackendKind): boolean {
  const backend = enabledBackend(cluster, kind);
  return backend !== undefined && backend.external === undefined;
}

function kindsIn(text = ''): readonly BackendKind[] {
  const words = text.split(',');
  return backendKinds.filter((kind) => words.includes(kind));
}
