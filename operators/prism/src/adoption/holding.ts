import type { KubeObject } from '@capstan/kube';
import { helmReleaseOf } from '@capstan/runtime';
import type { PrismCluster } from '../api/v1alpha1/prism-cluster.ts';
import { isOwnedBy } from '../components.ts';

/** Whose an object is. */
export type Holding =
  | { readonly is: 'Absent' }
  /** Nobody's: it may be taken over. */
  | { readonly is: 'Free' }
  /** Somebody has it, such as `Deployment/shop` or `Helm release shop`, and it is left alone. */
  | { readonly is: 'Held'; readonly by: string }
  | { readonly is: 'Ours' };

/** Whose an object is that a cluster names to be taken over. */
export function holdingOf(live: KubeObject | undefined, cluster: PrismCluster): Holding {
  if (live === undefined) return { is: 'Absent' };
  if (isOwnedBy(live, cluster)) return { is: 'Ours' };
  const { ownerReferences = [] } = live.metadata;
  const controller = ownerReferences.find((owner) => owner.controller === true);
  if (controller !== undefined) return { is: 'Held', by: `${controller.kind}/${controller.name}` };
  const release = helmReleaseOf(live);
  return release === undefined ? { is: 'Free' } : { is: 'Held', by: `Helm release ${release}` };
}
