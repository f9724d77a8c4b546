import type { KubeObject } from '@capstan/kube';
import type { WatchMode } from './audit.ts';
import { foreignText } from './exclusive-lists.ts';
import { type Hash64, hash64 } from './hash64.ts';
import { ownEntry, ownsReplicas } from './managed-fields.ts';
import { projectionText } from './projection.ts';
import type { EngineNames } from './seal.ts';

/** What is kept of one version of a child, to know the same state again without its ownership records. */
export interface ChildDigest {
  readonly uid: string;
  /** The seal annotation, whoever wrote it last. */
  readonly seal: string | undefined;
  /** Hash of the set of fields we own, and of what others own in lists that are to be ours alone. */
  readonly fieldsHash: Hash64;
  /** Hash of the values of those fields; of nothing in `metadata` mode. */
  readonly projectionHash: Hash64;
  /** Whether we own `.spec.replicas`, which must be handed over before it may be left out. */
  readonly ownsReplicas: boolean;
}

/**
 * Digests a child as it arrives, before its managedFields are dropped. About as dear as parsing it.
 *
 * @returns `undefined` when we own nothing in the object: never applied, its records wiped, or made anew by somebody else
 */
export function digestOf(live: KubeObject, names: EngineNames, mode: WatchMode): ChildDigest | undefined {
  const own = ownEntry(live, names.fieldManager);
  if (own === undefined) return undefined;
  return {
    uid: live.metadata.uid ?? '',
    seal: sealOf(live, names),
    fieldsHash: hash64(JSON.stringify(own.fieldsV1) + foreignText(live, names)),
    projectionHash: hash64(mode === 'full' ? projectionText(live, own.fieldsV1, names) : ''),
    ownsReplicas: ownsReplicas(live, names),
  };
}

/** The seal annotation of a live object. */
export function sealOf(live: KubeObject, names: EngineNames): string | undefined {
  return live.metadata.annotations?.[names.sealAnnotation];
}
