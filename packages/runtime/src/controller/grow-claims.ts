import { type KubeObject, PersistentVolumeClaim, StorageClass } from '@capstan/kube';
import { claimChanges, isLarger, type SizeChange, storageOf } from '../engine/claim-growth.ts';
import type { PlanContext } from './apply-child.ts';
import type { Fixed } from './make-anew.ts';
import type { Failure } from './outcome.ts';
import type { CallRule } from './reconciler.ts';

/** What a controller asks of the API server to grow volumes, for its `calls`. Nothing of it is watched. */
export const growClaimsCalls: readonly CallRule[] = [
  { apiGroups: [''], resources: ['persistentvolumeclaims'], verbs: ['list', 'patch'] },
  { apiGroups: ['storage.k8s.io'], resources: ['storageclasses'], verbs: ['get'], clusterScoped: true },
];

/** What came of growing the volumes of a StatefulSet. */
export interface ClaimsGrown {
  /** `data-my-cluster-0 to 2Gi`; none where they had the size already. */
  readonly claims: readonly string[];
  /** Nothing else is in the way: the StatefulSet may be made anew around its pods. */
  readonly isEnough: boolean;
  /** Why nothing was grown. */
  readonly failure?: Failure;
}

const templatesPath = '.spec.volumeClaimTemplates';

/**
 * Grows the claims that a StatefulSet made from templates which ask for more now. Only upwards, only claims of this StatefulSet,
 * and only if every StorageClass concerned allows it, so that not one of them is grown in vain. The volumes grow while pods
 * use them; pods that come later find the new templates.
 *
 * @param fields what the server will not have changed
 */
export async function growClaims(
  fixed: Fixed,
  fields: readonly string[],
  context: PlanContext,
): Promise<ClaimsGrown | undefined> {
  const { kind, live, rules } = fixed;
  const { namespace, name } = live.metadata;
  // Of a kind watched for its metadata the cache has no templates.
  const current = await context.client.get(kind.type, { namespace, name }, { signal: context.signal });
  const { grown, shrunk, others } = claimChanges(rules.object, current);
  if (shrunk.length > 0) return refusal(fixed, 'VolumeShrinkRefused', shrinkText(shrunk));
  if (grown.length === 0) return undefined;
  const claims = await claimsOf(current, grown, context);
  const small = claims.filter(({ claim, to }) => isLarger(to, storageOf(claim) ?? ''));
  const obstacle = await obstacleTo(small, context);
  if (obstacle !== undefined) return refusal(fixed, 'VolumeGrowthRefused', obstacle);
  for (const { claim, to } of small) await grow(claim, to, context);
  const isEnough = others.length === 0 && fields.every((field) => field === templatesPath);
  return { claims: small.map(({ claim, to }) => `${claim.metadata.name} to ${to}`), isEnough };
}

interface GrowingClaim {
  readonly claim: PersistentVolumeClaim;
  readonly to: string;
}

/**
 * `<template>-<statefulset>-<ordinal>`: its controller knows them by their names alone, and so takes up claims with whatever
 * labels they have.
 */
async function claimsOf(
  statefulSet: KubeObject | undefined,
  grown: readonly SizeChange[],
  { client, signal }: PlanContext,
): Promise<readonly GrowingClaim[]> {
  if (statefulSet === undefined) return [];
  const { namespace, name } = statefulSet.metadata;
  const { items } = await client.list(PersistentVolumeClaim, { namespace, signal });
  return grown.flatMap(({ template, to }) => {
    const prefix = `${template}-${name}-`;
    return items
      .filter(
        (claim) => claim.metadata.name.startsWith(prefix) && /^\d+$/.test(claim.metadata.name.slice(prefix.length)),
      )
      .map((claim) => ({ claim, to }));
  });
}

/** Why not all of these claims can grow; asked of each StorageClass once, at this moment only. */
async function obstacleTo(
  claims: readonly GrowingClaim[],
  { client, signal }: PlanContext,
): Promise<string | undefined> {
  const byClass = Map.groupBy(claims, ({ claim }) => claim.spec?.storageClassName ?? '');
  for (const [name, members] of byClass) {
    const example = `PersistentVolumeClaim/${members[0]?.claim.metadata.name}`;
    if (name === '') return `${example} has no StorageClass, so nothing can grow its volume`;
    const storageClass = await client.get(StorageClass, { name }, { signal });
    if (storageClass?.allowVolumeExpansion !== true)
      return `${example} cannot grow: StorageClass/${name} does not say allowVolumeExpansion: true`;
  }
  const unbound = claims.find(({ claim }) => claim.status?.phase !== 'Bound');
  return unbound && `PersistentVolumeClaim/${unbound.claim.metadata.name} is not bound to a volume yet`;
}

async function grow(
  { metadata }: PersistentVolumeClaim,
  to: string,
  { client, names, signal }: PlanContext,
): Promise<void> {
  const { namespace, name, resourceVersion } = metadata;
  const body = { metadata: { resourceVersion }, spec: { resources: { requests: { storage: to } } } };
  const { fieldManager } = names;
  await client.patch(PersistentVolumeClaim, { namespace, name }, { kind: 'merge', body }, { fieldManager, signal });
}

function shrinkText(shrunk: readonly SizeChange[]): string {
  const asked = shrunk.map(
    ({ template, from, to }) => `${templatesPath}[name=${template}] asks for ${to} and its volumes have ${from}`,
  );
  return `volumes never shrink: ${asked.join(', ')}. Set the size back`;
}

function refusal({ child }: Fixed, reason: string, why: string): ClaimsGrown {
  return { claims: [], isEnough: false, failure: { child, terminal: true, reason, message: `${child}: ${why}` } };
}
