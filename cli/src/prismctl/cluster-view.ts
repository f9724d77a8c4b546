import {
  Deployment,
  Event,
  HorizontalPodAutoscaler,
  Ingress,
  type KubeClient,
  type KubeObject,
  Pod,
  type ServedType,
  StatefulSet,
  servedType,
} from '@capstan/kube';
import { PrismCluster } from '@capstan/prism-operator';
import type { ClusterObjects } from './cluster-objects.ts';
import { type Followers, KindView } from './kind-view.ts';

export interface ClusterRef {
  readonly namespace: string;
  readonly name: string;
}

/** One cluster and all that belongs to it: a list, or a watch, per kind. */
export class ClusterView {
  readonly #clusters: KindView<PrismCluster>;
  readonly #deployments: KindView<Deployment>;
  readonly #statefulSets: KindView<StatefulSet>;
  readonly #pods: KindView<Pod>;
  readonly #autoscalers: KindView<HorizontalPodAutoscaler>;
  readonly #ingresses: KindView<Ingress>;
  readonly #patterns: KindView<KubeObject>;
  readonly #namespaces: KindView<KubeObject>;
  readonly #events: KindView<Event>;

  private constructor(
    client: KubeClient,
    { namespace, name }: ClusterRef,
    served: Readonly<Record<'patterns' | 'namespaces', ServedType | undefined>>,
    withEvents: boolean,
  ) {
    const labelSelector = `app.kubernetes.io/name=prism,app.kubernetes.io/instance=${name}`;
    const children = { namespace, labelSelector };
    this.#clusters = new KindView(client, PrismCluster, { namespace, fieldSelector: `metadata.name=${name}` });
    this.#deployments = new KindView(client, Deployment, children);
    this.#statefulSets = new KindView(client, StatefulSet, children);
    this.#pods = new KindView(client, Pod, children);
    this.#autoscalers = new KindView(client, HorizontalPodAutoscaler, children);
    this.#ingresses = new KindView(client, Ingress, children);
    this.#patterns = new KindView(client, served.patterns, { namespace });
    this.#namespaces = new KindView(client, served.namespaces, { namespace });
    this.#events = new KindView(client, withEvents ? Event : undefined, { namespace });
  }

  /**
   * Reads a cluster and what belongs to it.
   * @throws {ApiError} when the cluster cannot be read
   */
  static async open(client: KubeClient, ref: ClusterRef, withEvents: boolean): Promise<ClusterView> {
    const [patterns, namespaces] = await Promise.all(
      ['PrismPattern', 'PrismNamespace'].map((kind) => servedType(client, { group: PrismCluster.group, kind })),
    );
    const view = new ClusterView(client, ref, { patterns, namespaces }, withEvents);
    await Promise.all([view.#clusters.readOrRefuse(), ...view.#beside().map((kind) => kind.read())]);
    return view;
  }

  /** What was last seen; `undefined` when there is no such cluster. */
  get objects(): ClusterObjects | undefined {
    const [cluster] = this.#clusters.objects;
    if (cluster === undefined) return undefined;
    return {
      cluster,
      workloads: [...this.#deployments.objects, ...this.#statefulSets.objects],
      pods: this.#pods.objects,
      autoscalers: this.#autoscalers.objects,
      ingresses: this.#ingresses.objects,
      patterns: this.#patterns.objects,
      namespaces: this.#namespaces.objects,
      events: this.#events.objects,
      forbidden: this.#beside().flatMap(({ forbidden }) => forbidden ?? []),
    };
  }

  /** Follows all kinds until the signal aborts; never rejects. */
  async follow(signal: AbortSignal, followers: Followers): Promise<void> {
    const all = [this.#clusters, ...this.#beside()];
    await Promise.all(all.map((kind) => kind.follow(signal, followers)));
  }

  #beside(): readonly Pick<KindView<KubeObject>, 'read' | 'follow' | 'forbidden'>[] {
    return [
      ...[this.#deployments, this.#statefulSets, this.#pods, this.#autoscalers, this.#ingresses],
      ...[this.#patterns, this.#namespaces, this.#events],
    ];
  }
}
