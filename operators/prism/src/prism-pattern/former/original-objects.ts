import { Deployment, HorizontalPodAutoscaler, type KubeObject, type ObjectRef, Service } from '@capstan/kube';
import { ScaledObject } from '@capstan/resources';
import { type CacheReader, seconds } from '@capstan/runtime';
import type { PrismPattern } from '../../api/v1beta1/prism-pattern.ts';

/** Has the name of the pattern on everything that the original operator made. */
const instanceLabel = 'prism.io/pattern-instance';

/** Finds what the original operator made, among all objects of a kind. */
export const originalSelector = `app=prism,${instanceLabel}`;

/** The kinds that it made, in the order in which they go: what scales, what runs, what leads there. */
export const originalKinds = [ScaledObject, HorizontalPodAutoscaler, Deployment, Service] as const;

/** One object that the original operator made. */
export interface OriginalObject {
  readonly type: (typeof originalKinds)[number];
  readonly live: KubeObject;
}

/** What is left of what the original operator made for a pattern, under the plain name of it. */
export interface OriginalObjects {
  /** In the order in which they go. */
  readonly all: readonly OriginalObject[];
  /** Pods of it that are ready. */
  readonly readyPods: number;
  /** Its Deployment is there and has not been available since it was made, or is to have no pods. */
  readonly neverWorked: boolean;
}

/** Reads them from the cache: never one that another resource controls, or that has not the labels of the original. */
export function originalObjects(pattern: PrismPattern, cache: Pick<CacheReader, 'get'>): OriginalObjects {
  const { namespace, name } = pattern.metadata;
  const ref: ObjectRef = { name, ...(namespace !== undefined && { namespace }) };
  const isOurs = (live: KubeObject | undefined): live is KubeObject =>
    live !== undefined && isOriginalOf(pattern, live);
  const all = originalKinds.flatMap((type) => {
    const live = cache.get<KubeObject>(type, ref);
    return isOurs(live) ? [{ type, live }] : [];
  });
  const runner = cache.get(Deployment, ref);
  if (!isOurs(runner)) return { all, readyPods: 0, neverWorked: false };
  return { all, readyPods: runner.status?.readyReplicas ?? 0, neverWorked: hasNeverWorked(runner) };
}

/** How long after it was made a Deployment is first said to be unavailable, at most. */
const firstWord = seconds(60);

/** One moment without a ready pod says little: a Deployment that was available once, and is not now, is waited for. */
function hasNeverWorked({ metadata, spec, status }: Deployment): boolean {
  if (spec?.replicas === 0) return true;
  const available = status?.conditions?.find(({ type }) => type === 'Available');
  const since = Date.parse(available?.lastTransitionTime ?? '') - Date.parse(metadata.creationTimestamp ?? '');
  return (status?.readyReplicas ?? 0) === 0 && available?.status === 'False' && since <= firstWord;
}

function isOriginalOf({ metadata: { name, uid } }: PrismPattern, { metadata }: KubeObject): boolean {
  const holder = metadata.ownerReferences?.find(({ controller }) => controller === true);
  const { labels } = metadata;
  return uid !== undefined && holder?.uid === uid && labels?.['app'] === 'prism' && labels[instanceLabel] === name;
}

/** The pattern that an object of the original operator was made for. */
export function patternOfOriginal({ metadata: { namespace, labels } }: KubeObject): readonly ObjectRef[] {
  const name = labels?.[instanceLabel];
  return name === undefined ? [] : [{ name, ...(namespace !== undefined && { namespace }) }];
}
