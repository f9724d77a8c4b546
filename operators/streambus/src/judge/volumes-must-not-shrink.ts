import { Quantity } from '@capstan/crd';
import type { StatefulSet } from '@capstan/kube';
import type { StreamBusCluster } from '../api/v1alpha1/stream-bus-cluster.ts';
import { dataClaim, raftClaim } from '../children/claims.ts';
import type { Guard } from './guard.ts';

/** Volumes grow and never shrink, and nothing moves them to another StorageClass. */
export const volumesMustNotShrink: Guard = (cluster, { statefulSet, original }) => {
  const madeFrom = statefulSet ?? original;
  if (madeFrom === undefined) return undefined;
  const changes = changesOf(cluster, madeFrom);
  if (changes.length === 0) return undefined;
  const message =
    `The volumes of the brokers cannot be changed: ${changes.map(({ sentence }) => sentence).join(', ')}. ` +
    `Set ${changes.map(({ path, now }) => `${path} back to ${now}`).join(' and ')}`;
  return { reason: 'StorageChangeRefused', message };
};

interface Change {
  readonly path: string;
  readonly now: string;
  readonly sentence: string;
}

function changesOf({ spec: { storage } }: StreamBusCluster, statefulSet: StatefulSet): readonly Change[] {
  const data = claimOf(statefulSet, dataClaim);
  const raft = claimOf(statefulSet, raftClaim);
  return [
    ...changeOf('spec.storage.class', data?.storageClass, storage.class, (a, b) => a === b),
    ...changeOf('spec.storage.size', data?.size, storage.size, isAsLarge),
    ...changeOf('spec.storage.raftSize', raft?.size, storage.raftSize, isAsLarge),
  ];
}

type Size = string | number;

function changeOf(
  path: string,
  now: Size | undefined,
  wanted: Size,
  isFine: (now: Size, wanted: Size) => boolean,
): readonly Change[] {
  if (now === undefined || isFine(now, wanted)) return [];
  return [{ path, now: `${now}`, sentence: `${path} is ${wanted} but they were made with ${now}` }];
}

function claimOf(
  { spec }: StatefulSet,
  name: string,
): { readonly storageClass?: string; readonly size?: Size } | undefined {
  const claim = spec?.volumeClaimTemplates?.find(({ metadata }) => metadata?.name === name)?.spec;
  const size = claim?.resources?.requests?.['storage'];
  return (
    claim && {
      ...(claim.storageClassName !== undefined && { storageClass: claim.storageClassName }),
      ...(size !== undefined && { size }),
    }
  );
}

/** `1024Mi` is `1Gi`: the server may have written down another form than the user did. */
function isAsLarge(now: Size, wanted: Size): boolean {
  const [before, after] = [Quantity.parse(`${now}`), Quantity.parse(`${wanted}`)];
  return before !== undefined && after !== undefined ? after.compareTo(before) >= 0 : now === wanted;
}
