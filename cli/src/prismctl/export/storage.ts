import type { PersistentVolumeClaim } from '@capstan/kube';
import type { PatternDraft } from './cluster-draft.ts';
import type { DescribedComponent } from './component.ts';

type StorageDraft = NonNullable<PatternDraft['storage']>;

export interface StorageAnswer {
  readonly storage?: StorageDraft;
  /** Why the volumes cannot be said. */
  readonly problem?: string;
}

/** The volume of a component: the claim that all its pods use, or the one that each pod of a StatefulSet has. */
export function storageOf({ claim, workload }: DescribedComponent): StorageAnswer {
  const templates = workload.spec && 'volumeClaimTemplates' in workload.spec ? workload.spec.volumeClaimTemplates : [];
  const all = [...(claim === undefined ? [] : [claim]), ...(templates ?? [])];
  if (all.length > 1)
    return { problem: `it has ${all.length} volumes, and a cluster can say one: none is in it, and all stay` };
  const [only] = all;
  const size = only?.spec?.resources?.requests?.['storage'];
  return only === undefined || size === undefined ? {} : { storage: { size, ...classOf(only) } };
}

function classOf({ spec }: Pick<PersistentVolumeClaim, 'spec'>): Pick<StorageDraft, 'storageClassName'> {
  return spec?.storageClassName === undefined ? {} : { storageClassName: spec.storageClassName };
}
