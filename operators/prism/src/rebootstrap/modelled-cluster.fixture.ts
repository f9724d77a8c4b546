import type { Deployment, KubeObject, Pod, ResourceType, StatefulSet } from '@capstan/kube';
import { desiredOf, type Outcome, type Pass, type Plan } from '@capstan/runtime';
import { FakeClock } from '@capstan/testkit';
import { aCluster } from '../a-cluster.fixture.ts';
import { aPass } from '../a-pass.fixture.ts';
import { LeadershipWatch } from '../admin/leadership-watch.ts';
import { rebootstrapAdminAnnotation } from '../annotations.ts';
import { PrismCluster } from '../api/v1alpha1/prism-cluster.ts';
import { Figures } from '../figures.ts';
import { clusterReconciler } from '../reconciler.ts';
import { SecretContents } from '../secrets/secret-contents.ts';

type Workload = Deployment | StatefulSet;

interface ModelledPod {
  readonly uid: string;
  /** Of the workload that it is of. */
  readonly owner: string;
  readonly members: number;
  readonly claim: string;
  readonly phase: 'Starting' | 'Ready' | 'Terminating';
}

interface Claim {
  readonly uid: string;
  /** The group whose log is on it: the workload that first started a member here, and how many it was of. */
  readonly group?: { readonly owner: string; readonly members: number };
}

/** The process ended in the middle of a pass. */
class Crash extends Error {}

const now = '2026-01-01T00:00:00Z';
const name = 'orders-prism-admin';
const component = {
  'app.kubernetes.io/name': 'prism',
  'app.kubernetes.io/instance': 'orders',
  'app.kubernetes.io/component': 'prism-admin',
};
const owner = { apiVersion: 'prism.io/v1alpha1', kind: 'PrismCluster', name: 'orders', uid: '2f6a', controller: true };

export interface Modelled {
  readonly members: number;
  readonly deletionPolicy: 'Retain' | 'Delete';
  /** PrismNamespaces of the cluster. */
  readonly namespaces: number;
}

/**
 * The prism-admin of one cluster, its workload, pods and claims, and the reconciler on them. Controllers act only when they are told
 * to, so that a test decides what happens in between, and a pass may end after any of its writes.
 *
 * What must never happen is thrown at once: members of two groups side by side, a member on the volume of another group, a group
 * whose number changes in place, a volume that goes.
 */
export class ModelledCluster {
  #cluster: PrismCluster;
  #workload: Workload | undefined;
  #replicaSet: string | undefined;
  #proxy: KubeObject | undefined;
  #made = 0;
  readonly #pods = new Map<string, ModelledPod>();
  readonly #claims = new Map<string, Claim>();
  readonly #namespaces: (number | undefined)[];
  readonly #reconcile: ReturnType<typeof clusterReconciler>;

  constructor({ members, deletionPolicy, namespaces }: Modelled) {
    this.#cluster = aCluster({ spec: { admin: { replicas: members }, deletionPolicy } });
    this.#namespaces = Array.from({ length: namespaces }, () => undefined);
    const metrics = { ask: ({ pod }: { readonly pod: string }) => Promise.resolve(this.#metricsOf(pod)) };
    const outside = {
      leaders: new LeadershipWatch(metrics, new FakeClock()),
      contents: new SecretContents(),
      random: (bytes: number) => new Uint8Array(bytes),
    };
    this.#reconcile = clusterReconciler({ outside, figures: new Figures() });
  }

  /** A cluster that runs, with its namespaces in it. */
  static async running(options: Modelled): Promise<ModelledCluster> {
    const cluster = new ModelledCluster(options);
    await cluster.settle();
    return cluster;
  }

  get status() {
    return this.#cluster.status ?? {};
  }

  /** Members that are ready. */
  get serving(): number {
    return [...this.#pods.values()].filter(({ phase }) => phase === 'Ready').length;
  }

  /** UIDs of the claims, by name. */
  get claims(): Readonly<Record<string, string>> {
    return Object.fromEntries([...this.#claims].map(([claim, { uid }]) => [claim, uid] as const).sort());
  }

  /** Which epoch each namespace was last created in. */
  get namespaces(): readonly (number | undefined)[] {
    return this.#namespaces;
  }

  /** A user agrees to a change, or asks for it. What the API server would refuse is not done. */
  edit({ agree, members = this.#cluster.spec.admin.replicas }: { agree?: string; members?: number }): boolean {
    const { metadata, spec } = this.#cluster;
    const annotations = {
      ...metadata.annotations,
      ...(agree !== undefined && { [rebootstrapAdminAnnotation]: agree }),
    };
    const admin = { ...spec.admin, replicas: members };
    const edited: PrismCluster = { ...this.#cluster, metadata: { ...metadata, annotations }, spec: { ...spec, admin } };
    if (PrismCluster.validate(edited, this.#cluster).length > 0) return false;
    this.#cluster = edited;
    return true;
  }

  /** One pass. @param lastWrite after how many writes the process ends; it goes through unless told */
  async pass(lastWrite = Number.POSITIVE_INFINITY): Promise<void> {
    try {
      await this.#reconcile(this.#cluster, this.#passOf(lastWrite));
    } catch (error) {
      if (!(error instanceof Crash)) throw error;
    }
  }

  /** The controllers of workloads look at their specs and make pods. */
  controllers(): void {
    const workload = this.#workload;
    if (workload === undefined) return;
    if (workload.kind === 'Deployment') this.#replicaSet ??= workload.metadata.uid;
    const { replicas = 0 } = workload.spec ?? {};
    const own = [...this.#pods.values()].filter(({ owner: of }) => of === workload.metadata.uid).length;
    for (let member = own + 1; member <= replicas; member += 1) this.#makePod(workload, member);
    this.#workload = { ...workload, status: this.#counts(workload) } as Workload; // the counts are the same for both
  }

  /** The garbage collector takes what has no owner any more. */
  collector(): void {
    if (this.#replicaSet !== this.#workload?.metadata.uid) this.#replicaSet = undefined;
    const owners = [this.#workload?.metadata.uid, this.#replicaSet];
    for (const [pod, each] of this.#pods)
      if (!owners.includes(each.owner)) this.#pods.set(pod, { ...each, phase: 'Terminating' });
  }

  /** Every pod that goes is gone; those that start are ready if enough of their group run. */
  kubelets(): void {
    for (const [pod, { phase }] of this.#pods) if (phase === 'Terminating') this.#pods.delete(pod);
    for (const pod of this.#pods.values()) this.#startOn(pod);
    for (const [pod, each] of this.#pods)
      if (this.#pods.size * 2 > each.members) this.#pods.set(pod, { ...each, phase: 'Ready' });
  }

  /** The controller of PrismNamespaces creates them where they are not yet, if there is anybody to ask. */
  replay(): void {
    const epoch = this.status.adminEpoch ?? 0;
    if (this.serving === this.status.bootstrappedAdminReplicas) this.#namespaces.fill(epoch);
  }

  /** Everything in turn, until nothing changes any more. */
  async settle(): Promise<void> {
    for (let round = 0, before = ''; before !== this.#text(); round += 1) {
      if (round > 100) throw new Error(`it never comes to rest: ${this.#text()}`);
      before = this.#text();
      await this.pass();
      this.controllers();
      this.collector();
      this.kubelets();
      this.controllers();
      this.replay();
    }
  }

  #passOf(lastWrite: number): Pass<PrismCluster> {
    let writes = 0;
    const written = () => {
      writes += 1;
      if (writes >= lastWrite) throw new Crash();
    };
    const fresh = () => aPass({ objects: this.#objects(), now });
    return {
      ...aPass({ now }),
      cache: {
        get: (type, ref) => fresh().cache.get(type, ref),
        list: (type) => fresh().cache.list(type),
        byIndex: () => [],
        isServed: () => true,
      },
      read: () => Promise.resolve(undefined),
      list: <O extends KubeObject>(type: ResourceType<O>, { labelSelector = '' } = {}) =>
        Promise.resolve(fresh().cache.list(type).filter(selectedBy(labelSelector))),
      apply: async (plan) => {
        this.#apply(plan);
        written();
        return nothingWrong;
      },
      report: async ({ status }) => {
        this.#cluster = { ...this.#cluster, status };
        written();
        return {};
      },
    };
  }

  #apply({ steps }: Plan): void {
    const children = steps.flatMap(({ objects }) => objects.map(desiredOf));
    for (const { kind, metadata } of children)
      if (kind === 'PersistentVolumeClaim' && !this.#claims.has(metadata.name ?? ''))
        this.#makeClaim(metadata.name ?? '');
    const proxy = children.find(
      ({ kind, metadata }) => kind === 'Deployment' && metadata.name === 'orders-prism-proxy',
    );
    if (proxy !== undefined) this.#proxy = available(proxy);
    const body = children.find(({ kind, metadata }) => metadata.name === name && kinds.includes(kind));
    if (body === undefined) this.#prune();
    else this.#put(body as Workload); // one of the two kinds
  }

  #put(body: Workload): void {
    const before = this.#workload;
    if (before !== undefined && before.kind !== body.kind) throw new Error(`a ${body.kind} beside a ${before.kind}`);
    if (before !== undefined && claimOf(before, 1) !== claimOf(body, 1)) throw new Error(`other volumes in place`);
    if (before !== undefined && before.spec?.replicas !== body.spec?.replicas)
      throw new Error('another number in place');
    if (JSON.stringify(before?.spec) === JSON.stringify(body.spec)) return;
    const generation = (before?.metadata.generation ?? 0) + 1;
    const metadata = { ...body.metadata, name, uid: before?.metadata.uid ?? this.#nextUid(), generation };
    this.#workload = { ...before, ...body, metadata: { ...metadata, ownerReferences: [owner] } } as Workload; // of its kind
  }

  /** It goes at once, its pods when the collector comes to them. */
  #prune(): void {
    const gone = this.#workload;
    this.#workload = undefined;
    if (gone?.kind !== 'StatefulSet') return;
    const { spec, status, metadata } = gone as StatefulSet; // by its kind
    const isSeen = (status?.observedGeneration ?? 0) >= (metadata.generation ?? 0);
    if (spec?.persistentVolumeClaimRetentionPolicy?.whenDeleted !== 'Retain' || !isSeen)
      throw new Error('its volumes go with the StatefulSet');
  }

  #makePod(workload: Workload, member: number): void {
    const { uid = '' } = workload.metadata;
    const pod = workload.kind === 'Deployment' ? `${name}-${uid}` : `${name}-${member}`;
    // As its controller does: it waits for the pod that still has the name.
    if (this.#pods.has(pod)) return;
    const claim = claimOf(workload, member);
    if (!this.#claims.has(claim)) this.#makeClaim(claim);
    const members = workload.spec?.replicas ?? 0;
    this.#pods.set(pod, { uid: this.#nextUid(), owner: uid, members, claim, phase: 'Starting' });
  }

  #makeClaim(claim: string): void {
    this.#claims.set(claim, { uid: this.#nextUid() });
  }

  /** An empty volume takes the group of the configuration; what is on one that is not is believed. */
  #startOn({ claim, owner: of, members }: ModelledPod): void {
    const found = this.#claims.get(claim);
    if (found === undefined) throw new Error(`${claim} is gone`);
    const group = found.group ?? { owner: of, members };
    if (group.members !== members) throw new Error(`one of ${members} on the volume of one of ${group.members}`);
    this.#claims.set(claim, { ...found, group });
    if (new Set([...this.#pods.values()].map((each) => each.members)).size > 1)
      throw new Error(`two groups side by side: ${this.#text()}`);
  }

  /** The first pod leads. */
  #metricsOf(pod: string): string {
    return `prism_admin_raft_state ${pod === [...this.#pods.keys()].sort()[0] ? 2 : 0}\n`;
  }

  #counts({ metadata }: Workload) {
    const pods = this.#pods.size;
    const ready = this.serving;
    return {
      observedGeneration: metadata.generation ?? 0,
      ...{ replicas: pods, readyReplicas: ready, availableReplicas: ready, updatedReplicas: pods },
      ...{ currentRevision: 'r', updateRevision: 'r' },
    };
  }

  #objects(): readonly KubeObject[] {
    const meta = (of: string, more: object = {}) => ({ name: of, namespace: 'shop', labels: component, ...more });
    const claims = [...this.#claims].map(([claim, { uid }]) => ({
      ...{ apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: meta(claim, { uid }) },
    }));
    const replicaSets =
      this.#replicaSet === undefined ? [] : [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', metadata: meta(name) }];
    const namespaces = this.#namespaces.map((epoch, index) => ({
      ...{ apiVersion: 'prism.io/v1alpha2', kind: 'PrismNamespace', metadata: meta(`ns-${index}`) },
      spec: { cluster: 'orders' },
      ...(epoch !== undefined && { status: { admin: { epoch } } }),
    }));
    const pods = [...this.#pods].map(([pod, each]) => podObject(meta(pod, { uid: each.uid }), each));
    const own = [this.#workload, this.#proxy].filter((each) => each !== undefined);
    return [...own, ...replicaSets, ...pods, ...claims, ...namespaces];
  }

  #nextUid(): string {
    this.#made += 1;
    return `uid-${this.#made}`;
  }

  #text(): string {
    const { lastReconciled: _time, ...status } = this.status;
    const all = [status, this.#workload, this.#replicaSet, [...this.#pods], [...this.#claims], this.#namespaces];
    return JSON.stringify(all);
  }
}

const kinds = ['Deployment', 'StatefulSet'];

/** `a=b,c=d`; everything where it is empty. */
function selectedBy(text: string): (object: KubeObject) => boolean {
  const wanted = text === '' ? [] : text.split(',').map((each) => each.split('='));
  return ({ metadata: { labels } }) => wanted.every(([label = '', value]) => labels?.[label] === value);
}

const nothingWrong: Outcome = { children: [], failures: [], contests: [], notices: [], live: () => undefined };

/** The claim of a member, as the workload names it. */
function claimOf({ spec }: Workload, member: number): string {
  if (spec !== undefined && 'volumeClaimTemplates' in spec)
    return `${spec.volumeClaimTemplates?.[0]?.metadata?.name}-${name}-${member}`;
  return spec?.template.spec?.volumes?.[0]?.persistentVolumeClaim?.claimName ?? '';
}

function available(body: Pick<KubeObject, 'kind'> & { readonly metadata: object }): KubeObject {
  const counts = { replicas: 1, readyReplicas: 1, availableReplicas: 1, updatedReplicas: 1, observedGeneration: 1 };
  const metadata = { ...body.metadata, name: 'orders-prism-proxy', generation: 1, ownerReferences: [owner] };
  return { ...body, apiVersion: 'apps/v1', metadata, status: counts } as KubeObject; // with the status that its controller would write
}

function podObject(metadata: Pod['metadata'], { phase }: ModelledPod): Pod {
  return {
    ...{ apiVersion: 'v1', kind: 'Pod' },
    metadata: { ...metadata, ...(phase === 'Terminating' && { deletionTimestamp: now }) },
    status: {
      podIP: '10.0.0.1',
      conditions: [{ type: 'Ready', status: phase === 'Ready' ? 'True' : 'False', lastTransitionTime: now }],
    },
  };
}
