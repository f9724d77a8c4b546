import type { Question } from '../admin/control-plane/correspondence.ts';
import type { PrismNamespace } from '../api/v1alpha2/prism-namespace.ts';
import { namespaceOf } from '../names.ts';
import { hasQuorum, isWhole } from './admin-sight.ts';
import { adminTargetOf } from './admin-target.ts';
import { type WantedNamespace, wantedNamespace } from './namespace-request.ts';
import type { ClusterSight } from './observe.ts';

/** What is to be done about prism-admin. */
export type Matter =
  /** It has the namespace as it should be, as far as was last seen. */
  | { readonly kind: 'Settled' }
  /** It cannot be asked now, or not at all. */
  | {
      readonly kind: 'Impossible';
      readonly reason: 'AdminNotReady' | 'NoControlPlane';
      readonly message: string;
    }
  | { readonly kind: 'Ask'; readonly question: Question; readonly wanted: WantedNamespace };

/**
 * Decides whether prism-admin has to be asked about a namespace. It is when it was not told of it as it is in the spec; when it, or
 * its whole cluster, was made anew without its data since; and when one of its pods was started anew since, then with all of them there. A settled namespace
 * needs no question, also after a restart of the operator.
 */
export function matterOf(namespace: PrismNamespace, sight: Extract<ClusterSight, { kind: 'Found' }>): Matter {
  const { cluster, admin } = sight;
  const target = adminTargetOf(cluster, admin);
  if (target === undefined) return withoutPort(cluster.spec.profile);
  const wanted = wantedNamespace(namespace, target.proxy?.id);
  const epoch = cluster.status?.adminEpoch ?? 0;
  const known = namespace.status?.admin;
  const isTold =
    known !== undefined &&
    known.clusterUid === cluster.metadata.uid &&
    known.epoch === epoch &&
    known.hash === wanted.hash;
  if (isTold && (known.incarnation === admin.incarnation || !isWhole(admin))) return { kind: 'Settled' };
  if (!hasQuorum(admin)) return withoutQuorum(admin);
  const { name, namespace: place } = namespace.metadata;
  const question: Question = {
    about: { namespace: place, name },
    cluster: { namespace: namespaceOf(cluster), name: cluster.metadata.name },
    ...{ target, request: wanted.request },
    id: [cluster.metadata.uid, epoch, admin.incarnation, wanted.hash, target.proxy?.id].join(' '),
    ...(isTold && { known: { partition: known.partition, proxy: known.proxy } }),
  };
  return { kind: 'Ask', question, wanted };
}

function withoutPort(profile: string): Matter {
  const message = `the profile ${profile} of the cluster has no gRPC port of prism-admin, so nobody can be told of namespaces: use the profile upstream`;
  return { kind: 'Impossible', reason: 'NoControlPlane', message };
}

function withoutQuorum({ members, ready }: { readonly members: number; readonly ready: number }): Matter {
  const message = `prism-admin has ${ready} of ${members} pods ready, too few to be written to: see condition AdminHealthy of the cluster`;
  return { kind: 'Impossible', reason: 'AdminNotReady', message };
}
