import type { ObjectRef } from '@capstan/kube';
import type { PrismClusterStatus } from './api/v1alpha1/prism-cluster.ts';

/** How one cluster is, for the figures. */
export interface ClusterFigure {
  readonly namespace: string;
  readonly name: string;
  readonly status: Readonly<PrismClusterStatus>;
}

/** What the operator can say in figures: the clusters as it last saw them. */
export class Figures {
  readonly #clusters = new Map<string, ClusterFigure>();

  /** Remembers how a cluster is. */
  saw(cluster: ObjectRef, status: PrismClusterStatus): void {
    const { namespace = '', name } = cluster;
    this.#clusters.set(keyOf(cluster), { namespace, name, status });
  }

  /** Forgets a cluster that is gone. */
  forget(cluster: ObjectRef): void {
    this.#clusters.delete(keyOf(cluster));
  }

  /** The clusters there are. */
  clusters(): readonly ClusterFigure[] {
    return [...this.#clusters.values()];
  }
}

function keyOf({ namespace = '', name }: ObjectRef): string {
  return `${namespace}/${name}`;
}
