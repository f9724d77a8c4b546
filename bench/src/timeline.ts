import type { KubeClient, KubeObject } from '@capstan/kube';
import { StreamBusCluster, streamBusClusters } from '@capstan/streambus-operator';
import { Mirror, type MirrorChange } from '@capstan/testkit';

/** Watches the clusters of one namespace and their children from outside, and notes when each appeared. */
export class Timeline {
  readonly clusters: Mirror<StreamBusCluster>;
  readonly #children: readonly Mirror<KubeObject>[];
  /** By UID, in `performance.now` milliseconds. */
  readonly #appearedAt = new Map<string, number>();
  readonly #runningAt = new Map<string, number>();

  constructor(client: KubeClient, namespace: string) {
    this.clusters = new Mirror(client, StreamBusCluster, {
      namespace,
      onChange: (change) => this.#noteRunning(change),
    });
    this.#children = streamBusClusters.owns.map(
      ({ type }) =>
        new Mirror(client, type, { namespace, metadataOnly: true, onChange: (change) => this.#noteAppearance(change) }),
    );
  }

  /** Follows the server until the signal aborts. Resolves when it has ended. */
  async run(signal: AbortSignal): Promise<void> {
    await Promise.all([this.clusters.run(signal), ...this.#children.map((mirror) => mirror.run(signal))]);
  }

  /** Resolves when everything there is has been seen. */
  async synced(): Promise<void> {
    await Promise.all([this.clusters.synced, ...this.#children.map((mirror) => mirror.synced)]);
  }

  /** Objects that have a controller and are there now. */
  children(): readonly KubeObject[] {
    return this.#children.flatMap((mirror) => mirror.all()).filter(hasController);
  }

  /** Clusters in phase Running now. */
  running(): number {
    return this.clusters.all().filter(({ status }) => status?.phase === 'Running').length;
  }

  /** When the last of the children that are there now appeared. */
  lastChildAt(): number {
    return Math.max(...this.children().map(({ metadata }) => this.#appearedAt.get(metadata.uid ?? '') ?? 0));
  }

  /** When the last cluster first said Running. */
  lastRunningAt(): number {
    return Math.max(...this.#runningAt.values());
  }

  #noteAppearance({ kind, object: { metadata } }: MirrorChange): void {
    const uid = metadata.uid ?? '';
    if (kind === 'applied' && !this.#appearedAt.has(uid)) this.#appearedAt.set(uid, performance.now());
  }

  #noteRunning({ object: { metadata } }: MirrorChange): void {
    const cluster = this.clusters.get(metadata);
    const uid = metadata.uid ?? '';
    if (cluster?.status?.phase === 'Running' && !this.#runningAt.has(uid)) this.#runningAt.set(uid, performance.now());
  }
}

function hasController({ metadata }: KubeObject): boolean {
  return metadata.ownerReferences?.some(({ controller }) => controller === true) ?? false;
}
