import { createHash } from 'node:crypto';
import type { Draft, KubeObject, ObjectRef, Pod, ResourceType, StatefulSet } from '@capstan/kube';
import { desiredOf, type Pass, type Plan } from '@capstan/runtime';
import { FakeClock } from '@capstan/testkit';
import { aCluster, images } from '../a-cluster.fixture.ts';
import { aPass } from '../a-pass.fixture.ts';
import { StreamBusCluster } from '../api/v1alpha1/stream-bus-cluster.ts';
import type { BrokerAdmin } from '../brokers/broker-admin.ts';
import { LeadershipWatch } from '../brokers/leadership-watch.ts';
import { clusterReconciler } from '../reconciler.ts';
import { quorumOf } from '../rollout/next-restart.ts';
import { SecretCheck } from '../secrets/secret-check.ts';
import { TenantPush } from '../tenancy/tenant-push.ts';
import { reBootstrapAnnotation } from './opt-in.ts';

interface Claim {
  readonly uid: string;
  readonly isLeaving: boolean;
  /** Of a raft volume that a broker has started on: how many brokers its quorum was made of then. */
  readonly membership?: number;
}

interface ModelledPod {
  readonly uid: string;
  readonly revision: string;
  readonly phase: 'Starting' | 'Ready' | 'Terminating';
  /** How many brokers its configuration names. */
  readonly members: number;
}

/** The process ended in the middle of a pass. */
class Crash extends Error {}

const now = '2026-01-01T00:00:00Z';

/**
 * One cluster, its StatefulSet, pods and claims, and the reconciler on them. Controllers act only when they are told to, so that a
 * test decides what happens in between, and a pass may end after any of its writes.
 *
 * What must never happen is thrown at once: brokers of different quorums side by side, a volume deleted that must stay.
 */
export class ModelledCluster {
  #cluster: StreamBusCluster;
  #set: StatefulSet | undefined;
  #members = 0;
  #made = 0;
  readonly #pods = new Map<number, ModelledPod>();
  readonly #claims = new Map<string, Claim>();
  readonly #reconcile: ReturnType<typeof clusterReconciler>;

  constructor(replicas: number) {
    this.#cluster = aCluster({ spec: { replicas } });
    const admin = this.#admin();
    const leaders = new LeadershipWatch(admin, new FakeClock());
    const outside = { leaders, tenants: new TenantPush(admin), secrets: new SecretCheck() };
    this.#reconcile = clusterReconciler({ outside, ...images, leaderReplacementIntervalMs: 600_000 });
  }

  /** A cluster that has started and serves. */
  static async running(replicas: number): Promise<ModelledCluster> {
    const cluster = new ModelledCluster(replicas);
    await cluster.settle();
    return cluster;
  }

  get status() {
    return this.#cluster.status ?? {};
  }

  /** Brokers that serve. */
  get serving(): number {
    return [...this.#pods.values()].filter(({ phase }) => phase === 'Ready').length;
  }

  /** UIDs of the claims whose names begin so, by name. */
  claims(template: 'data' | 'raft-data'): Readonly<Record<string, string>> {
    const own = [...this.#claims].filter(([name]) => name.startsWith(`${template}-orders-`));
    return Object.fromEntries(own.map(([name, { uid }]) => [name, uid]).sort());
  }

  /** A user opts for another size, or asks for it. What the API server would refuse is not done. */
  edit({ optFor, replicas = this.#cluster.spec.replicas }: { optFor?: number; replicas?: number }): boolean {
    const { metadata, spec } = this.#cluster;
    const annotations = optFor === undefined ? metadata.annotations : { [reBootstrapAnnotation]: `${optFor}` };
    const after = { ...this.#cluster, metadata: { ...metadata, ...(annotations && { annotations }) } };
    const edited: StreamBusCluster = { ...after, spec: { ...spec, replicas } };
    if (StreamBusCluster.validate(edited, this.#cluster).length > 0) return false;
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

  /** The StatefulSet controller looks at its spec and makes or deletes pods. */
  controller(): void {
    const set = this.#set;
    if (set === undefined) return;
    const { replicas = 0 } = set.spec ?? {};
    for (let ordinal = 0; ordinal < replicas; ordinal += 1) if (!this.#pods.has(ordinal)) this.#makePod(ordinal, set);
    for (const ordinal of this.#pods.keys()) if (ordinal >= replicas) this.#end(ordinal);
    this.#set = { ...set, status: this.#counts(set) };
  }

  /** A pod that goes is gone; one that starts serves if enough brokers of its quorum run. */
  kubelet(ordinal: number): void {
    const pod = this.#pods.get(ordinal);
    if (pod?.phase === 'Terminating') this.#pods.delete(ordinal);
    if (pod?.phase !== 'Starting') return;
    this.#startOn(`raft-data-orders-${ordinal}`, pod);
    if (this.#isQuorate()) this.#pods.set(ordinal, { ...pod, phase: 'Ready' });
  }

  /** Claims that were deleted go once no pod has them. */
  volumes(): void {
    for (const [name, { isLeaving }] of this.#claims) {
      const user = Number(name.slice(name.lastIndexOf('-') + 1));
      if (isLeaving && !this.#pods.has(user)) this.#claims.delete(name);
    }
  }

  /** Everything in turn, until nothing changes any more. */
  async settle(): Promise<void> {
    for (let round = 0, before = ''; before !== this.#text(); round += 1) {
      if (round > 100) throw new Error(`it never comes to rest: ${this.#text()}`);
      before = this.#text();
      await this.pass();
      this.controller();
      for (const ordinal of [...this.#pods.keys()]) this.kubelet(ordinal);
      this.volumes();
    }
  }

  #passOf(lastWrite: number): Pass<StreamBusCluster> {
    let writes = 0;
    const written = () => {
      writes += 1;
      if (writes >= lastWrite) throw new Crash();
    };
    return {
      ...aPass({ now }),
      ...this.#reads(),
      apply: async (plan) => {
        this.#apply(plan);
        written();
        return { children: [], failures: [], contests: [], live: () => undefined };
      },
      remove: async (type, ref) => {
        this.#remove(type, ref);
        written();
        return 'Removed';
      },
      report: async ({ status }) => {
        this.#cluster = { ...this.#cluster, status };
        written();
        return {};
      },
    };
  }

  /** Asked in the middle of a pass, these see what is there by then. */
  #reads(): Pick<Pass<StreamBusCluster>, 'cache' | 'list'> {
    const fresh = () => aPass({ objects: this.#objects(), now });
    return {
      cache: {
        get: (type, ref) => fresh().cache.get(type, ref),
        list: (type) => fresh().cache.list(type),
        byIndex: () => [],
        isServed: () => true,
      },
      list: (type) => fresh().list(type),
    };
  }

  #apply({ steps }: Plan): void {
    const children = steps.flatMap(({ objects }) => objects.map(desiredOf));
    const files = children.find(({ metadata }) => metadata.name === 'orders-config');
    this.#members = files !== undefined && 'data' in files ? Object.keys(files.data as object).length : 0; // a ConfigMap
    const body = children.find(({ kind }) => kind === 'StatefulSet') as Draft<StatefulSet> | undefined; // by its kind
    if (body === undefined || JSON.stringify(body.spec) === JSON.stringify(this.#set?.spec)) return;
    const generation = (this.#set?.metadata.generation ?? 0) + 1;
    const metadata = { ...body.metadata, name: 'orders', generation };
    this.#set = { ...this.#set, ...body, metadata };
  }

  #remove({ kind }: ResourceType, { name, uid }: ObjectRef & { readonly uid: string }): void {
    const claim = this.#claims.get(name);
    if (kind === 'Pod') this.#end(Number(name.slice('orders-'.length)));
    if (kind !== 'PersistentVolumeClaim' || claim === undefined || claim.uid !== uid) return;
    const { step } = this.status.reBootstrap ?? {};
    if (!name.startsWith('raft-data-orders-') || this.#pods.size > 0 || step !== 'RemovingRaft')
      throw new Error(`${name} was deleted at step ${step} beside ${this.#pods.size} pods`);
    this.#claims.set(name, { ...claim, isLeaving: true });
  }

  #end(ordinal: number): void {
    const pod = this.#pods.get(ordinal);
    if (pod !== undefined) this.#pods.set(ordinal, { ...pod, phase: 'Terminating' });
  }

  #makePod(ordinal: number, set: StatefulSet): void {
    const names = ['data', 'raft-data'].map((template) => `${template}-orders-${ordinal}`);
    // As the StatefulSet controller does: it waits for a claim that is being deleted.
    if (names.some((name) => this.#claims.get(name)?.isLeaving === true)) return;
    for (const name of names)
      if (!this.#claims.has(name)) this.#claims.set(name, { uid: this.#nextUid(), isLeaving: false });
    const pod = { uid: this.#nextUid(), revision: revisionOf(set), members: this.#members };
    this.#pods.set(ordinal, { ...pod, phase: 'Starting' });
  }

  /** An empty raft volume takes the quorum of the configuration; one that is not keeps its own. */
  #startOn(name: string, { members }: ModelledPod): void {
    const claim = this.#claims.get(name);
    if (claim !== undefined && claim.membership === undefined)
      this.#claims.set(name, { ...claim, membership: members });
    if (new Set(this.#memberships()).size > 1) throw new Error(`two quorums side by side: ${this.#text()}`);
  }

  #memberships(): readonly number[] {
    return [...this.#pods].flatMap(([ordinal, { phase }]) =>
      phase === 'Terminating' ? [] : (this.#claims.get(`raft-data-orders-${ordinal}`)?.membership ?? []),
    );
  }

  #isQuorate(): boolean {
    const memberships = this.#memberships();
    return memberships.length > 0 && memberships.length >= quorumOf(memberships[0] ?? 0);
  }

  #admin(): BrokerAdmin {
    return {
      ask: async ({ pod }) => {
        const leader = this.#isQuorate() ? Math.min(...this.#pods.keys()) : undefined;
        return { status: 200, body: { controller_id: pod === `orders-${leader}` ? (leader ?? 0) + 1 : 0 } };
      },
    };
  }

  #counts(set: StatefulSet): NonNullable<StatefulSet['status']> {
    const revision = revisionOf(set);
    const pods = [...this.#pods.values()];
    return {
      observedGeneration: set.metadata.generation ?? 0,
      replicas: pods.length,
      readyReplicas: this.serving,
      availableReplicas: this.serving,
      updatedReplicas: pods.filter((pod) => pod.revision === revision).length,
      ...{ currentRevision: revision, updateRevision: revision },
    };
  }

  #objects(): readonly KubeObject[] {
    const claims = [...this.#claims].map(([name, { uid, isLeaving }]) => ({
      ...{ apiVersion: 'v1', kind: 'PersistentVolumeClaim' },
      metadata: { name, namespace: 'shop', uid, ...(isLeaving && { deletionTimestamp: now }) },
    }));
    const pods = [...this.#pods].map(([ordinal, pod]) => podObject(ordinal, pod));
    return [...(this.#set === undefined ? [] : [this.#set]), ...pods, ...claims];
  }

  #nextUid(): string {
    this.#made += 1;
    return `uid-${this.#made}`;
  }

  #text(): string {
    return JSON.stringify([this.#cluster, this.#set, [...this.#pods], [...this.#claims]]);
  }
}

function revisionOf({ spec }: StatefulSet): string {
  return createHash('sha256').update(JSON.stringify(spec?.template)).digest('hex').slice(0, 10);
}

function podObject(ordinal: number, { uid, revision, phase }: ModelledPod): Pod {
  const owner = { apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'orders', uid: 'set', controller: true };
  const ready = phase === 'Starting' ? 'False' : 'True';
  const name = `orders-${ordinal}`;
  const ofPod = { name, namespace: 'shop', uid, labels: { 'controller-revision-hash': revision } };
  const broker = { name: 'streambus', ready: phase === 'Ready', restartCount: 0, image: '', imageID: '' };
  return {
    ...{ apiVersion: 'v1', kind: 'Pod' },
    metadata: {
      ...{ ...ofPod, ownerReferences: [owner], creationTimestamp: now },
      ...(phase === 'Terminating' && { deletionTimestamp: now }),
    },
    status: {
      podIP: `10.0.0.${ordinal + 1}`,
      conditions: [{ type: 'Ready', status: ready, lastTransitionTime: now }],
      containerStatuses: [{ ...broker, started: true, state: { running: { startedAt: now } } }],
    },
  };
}
