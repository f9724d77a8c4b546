import { type Clock, NetworkPolicy, Pod, ResourceQuota, systemClock } from '@capstan/kube';
import { type Controller, controller, type Millis, mapped, owned } from '@capstan/runtime';
import type { Dial } from '../admin/control-plane/control-plane.ts';
import { Correspondence } from '../admin/control-plane/correspondence.ts';
import { dialControlPlane } from '../admin/control-plane/grpc-control-plane.ts';
import { PrismCluster } from '../api/v1alpha1/prism-cluster.ts';
import { PrismNamespace } from '../api/v1alpha2/prism-namespace.ts';
import { PrismPattern } from '../api/v1beta1/prism-pattern.ts';
import { namespaceFinalize } from './finalize.ts';
import { NeighbourNews } from './neighbour-news.ts';
import { namespaceReconciler } from './reconciler.ts';
import {
  adminPodSelector,
  clusterIndex,
  clusterKeysOf,
  leanAdminPod,
  leanCluster,
  leanPattern,
  limitedIndex,
  limitedKeysOf,
  namespacesOfAdminPod,
  namespacesOfCluster,
  namespacesOfPattern,
  patternIndex,
  patternKeysOf,
} from './watched-objects.ts';

export interface NamespaceControllerOptions {
  /** Namespaces worked on at the same time; the runtime's default unless told. Passes do not wait for prism-admin. */
  readonly concurrency?: number;
  /** Reaches the prism-admin of a cluster by the address of its Service; over gRPC unless told. */
  readonly dial?: Dial;
  /** Time between attempts to reach an admin that is away; the system's unless told. */
  readonly clock?: Clock;
  /** Time after the lead was taken in which prism-admin is left alone, for calls of who led before; that of the longest call unless told. */
  readonly quietMs?: Millis;
}

/** The controller of namespaces of Prism. Nothing is asked of the API server but for changes of its own objects. */
export function namespaceController(options: NamespaceControllerOptions = {}): Controller {
  const { concurrency, dial = dialControlPlane, clock = systemClock, quietMs } = options;
  const outside = { correspondence: new Correspondence(dial, clock, quietMs), neighbours: new NeighbourNews() };
  return controller(PrismNamespace, {
    name: 'prism-namespaces',
    owns: [NetworkPolicy, ResourceQuota, PrismPattern].map(owned),
    watches: [
      mapped(PrismCluster, namespacesOfCluster, { mode: 'full', keep: leanCluster }),
      mapped(Pod, namespacesOfAdminPod, { mode: 'full', labelSelector: adminPodSelector, keep: leanAdminPod }),
      mapped(PrismPattern, namespacesOfPattern, { mode: 'full', keep: leanPattern }),
    ],
    indexes: { [clusterIndex]: clusterKeysOf, [patternIndex]: patternKeysOf, [limitedIndex]: limitedKeysOf },
    sources: [outside.correspondence, outside.neighbours],
    finalize: namespaceFinalize(outside),
    reconcile: namespaceReconciler(outside),
    ...(concurrency !== undefined && { concurrency }),
  });
}

/** The controller of namespaces of Prism, as it is unless told otherwise. */
export const prismNamespaces: Controller = namespaceController();
