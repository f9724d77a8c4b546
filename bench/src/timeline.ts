import type { KubeClient, KubeObject } from '@capstan/kube';
import { Mirror, type MirrorChange } from '@capstan/testkit';
import type { Subject } from './subjects/subject.ts';
import { type Tie, tieOf } from './tie.ts';

/** Watches the clusters of one namespace and their children from outside, and notes when each appeared. */
export class Timeline {
  readonly #subject: Subject;
  readonly clusters: Mirror<KubeObject>;
  readonly #children: readonly Mirror<KubeObject>[];
  /** By UID, in `performance.now` milliseconds. */
  readonly #appearedAt = new Map<string, number>();
  readonly #runningAt = new Map<string, number>();

  constructor(client: KubeClient, subject: Subject, namespace: string) {
    this.#subject = subject;
    this.clusters = new Mirror(client, subject.kind, { namespace, onChange: (change) => this.#noteRunning(change) });
    // Kinds that a cluster may do without are not installed here: a watch of one would wait for ever.
    const kinds = subject.controller.owns.filter(({ optional }) => optional !== true);
    this.#children = kinds.map(
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

  /** Objects that go with their cluster and are there now. */
  owned(): readonly KubeObject[] {
    return this.#tied('Owned');
  }

  /** Objects that outlive their cluster and are there now. */
  retained(): readonly KubeObject[] {
    return this.#tied('Retained');
  }

  /** Clusters that run now. */
  running(): number {
    return this.clusters.all().filter((cluster) => this.#subject.isRunning(cluster)).length;
  }

  /** When the last of the children that are there now appeared. */
  lastChildAt(): number {
    const children = [...this.owned(), ...this.retained()];
    return Math.max(...children.map(({ metadata }) => this.#appearedAt.get(metadata.uid ?? '') ?? 0));
  }

  /** When the last cluster first ran. */
  lastRunningAt(): number {
    return Math.max(...this.#runningAt.values());
  }

  #tied(tie: Tie): readonly KubeObject[] {
    const objects = this.#children.flatMap((mirror) => mirror.all());
    return objects.filter((object) => tieOf(object, this.#subject.kind) === tie);
  }

  #noteAppearance({ kind, object: { metadata } }: MirrorChange): void {
    const uid = metadata.uid ?? '';
    if (kind === 'applied' && !this.#appearedAt.has(uid)) this.#appearedAt.set(uid, performance.now());
  }

  #noteRunning({ kind, object }: MirrorChange): void {
    const uid = object.metadata.uid ?? '';
    if (kind !== 'applied' || this.#runningAt.has(uid)) return;
    if (this.#subject.isRunning(object)) this.#runningAt.set(uid, performance.now());
  }
}
