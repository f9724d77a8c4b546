import type { InputOf } from '@capstan/crd';
import {
  ApiError,
  type ConfigMap,
  type Draft,
  type KubeObject,
  type ObjectRef,
  type ResourceType,
  type Secret,
  type Service,
} from '@capstan/kube';
import { type EventDraft, minutes, type Outcome, type Pass, seconds } from '@capstan/runtime';
import { FakeClock } from '@capstan/testkit';
import { type ADruid, aDruid } from './a-druid.fixture.ts';
import { DruidIngestion, type DruidIngestionStatus } from './api/v1alpha1/druid-ingestion.ts';
import { claimsOf, uidIndex } from './claims.ts';
import { DruidLanes, usualLanes } from './connection/druid-lanes.ts';
import { VersionedContents } from './connection/versioned-contents.ts';
import { Memory } from './converge/memory.ts';
import { OneAtATime } from './converge/one-at-a-time.ts';
import type { DruidConnection } from './druid/druid-connection.ts';
import { Figures } from './figures.ts';
import { ingestionFinalize } from './finalize.ts';
import { ingestionReconciler } from './reconciler.ts';
import { type SafetyRules, strictRules } from './spec/safety/safety-rules.ts';

type Spec = InputOf<typeof DruidIngestion>['spec'];

/** The spec of a Kafka supervisor that reads into a data source. */
export function kafkaSpec(dataSource = 'clicks', more: object = {}) {
  return {
    type: 'kafka',
    spec: {
      dataSchema: { dataSource, timestampSpec: { column: 't' } },
      ioConfig: { topic: dataSource, consumerProperties: { 'bootstrap.servers': 'kafka:9092' }, ...more },
    },
  };
}

/** A spec of a resource with that supervisor, and what a test cares about over it. */
export function kafkaIngestion(more: Partial<Spec> = {}, spec: object = kafkaSpec()): Spec {
  return { druidCluster: 'tiny', ingestion: { type: 'kafka', spec: JSON.stringify(spec) }, ...more };
}

/** The router Service of the cluster `tiny`. */
const router: Service = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'druid-tiny-routers', namespace: 'shop', labels: { druid_cr: 'tiny', component: 'router' } },
  spec: { ports: [{ port: 8088, name: 'service-port' }] },
} as const;

/** A Secret of the namespace, as the API server has it. */
export function aSecret(name: string, data: Readonly<Record<string, string>>, resourceVersion = '1'): Secret {
  const encoded = Object.entries(data).map(([key, value]) => [key, Buffer.from(value).toString('base64')]);
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace: 'shop', resourceVersion },
    data: Object.fromEntries(encoded),
  };
}

interface Ended {
  readonly recheckAfterMs: number | undefined;
  readonly events: readonly EventDraft[];
  /** Calls to Druid in this pass. */
  readonly calls: readonly string[];
}

/** One resource, the objects around it and a Druid, on which passes are made one by one. Nothing of it is an API server. */
export class Stage {
  readonly druid: ADruid = aDruid();
  readonly clock = new FakeClock();
  readonly objects: KubeObject[] = [router];
  readonly connections: DruidConnection[] = [];
  readonly figures = new Figures();
  /** Every status that was written, the last one last. */
  readonly statuses: DruidIngestionStatus[] = [];
  resource: DruidIngestion;
  rivals: readonly DruidIngestion[] = [];
  /** Kinds that the API server does not know. */
  readonly uninstalled = new Set<string>();
  allowedEndpoints: readonly string[] = [];
  safety: SafetyRules = strictRules;
  #memory = new Memory();
  readonly #lanes = new DruidLanes(this.clock, usualLanes(16));
  readonly #contents = new VersionedContents();
  readonly #turns = new OneAtATime();

  constructor(spec: Spec, metadata: Partial<KubeObject['metadata']> = {}, status?: DruidIngestionStatus) {
    this.resource = anIngestion(spec, metadata, status);
  }

  get status(): DruidIngestionStatus {
    return this.resource.status ?? {};
  }

  condition(type: string) {
    return this.status.conditions?.find((condition) => condition.type === type);
  }

  /** Changes the spec as a user would: the generation moves on. */
  edit(spec: Partial<Spec>): void {
    const { metadata, spec: before, status } = this.resource;
    const generation = (metadata.generation ?? 1) + 1;
    this.resource = anIngestion({ ...before, ...spec }, { ...metadata, generation }, status);
  }

  annotate(name: string, value: string): void {
    const { metadata } = this.resource;
    this.resource = {
      ...this.resource,
      metadata: { ...metadata, annotations: { ...metadata.annotations, [name]: value } },
    };
  }

  put(object: KubeObject): void {
    this.remove(object.kind, object.metadata.name);
    this.objects.push(object);
  }

  remove(kind: string, name: string): void {
    const at = this.objects.findIndex((object) => object.kind === kind && object.metadata.name === name);
    if (at >= 0) this.objects.splice(at, 1);
  }

  /** Lets time pass. */
  async wait(ms: number): Promise<void> {
    await this.clock.advance(ms);
  }

  /** What a new process knows of the past: nothing. */
  restart(): void {
    this.#memory = new Memory();
  }

  /** Makes one pass. */
  async pass(): Promise<Ended> {
    const events: EventDraft[] = [];
    const from = this.druid.calls.length;
    let recheckAfterMs: number | undefined;
    const pass = this.#aPass(events, (recheck) => {
      recheckAfterMs = recheck;
    });
    const reconcile = ingestionReconciler(this.#options());
    await reconcile(this.resource, pass);
    return { events, recheckAfterMs, calls: this.druid.calls.slice(from) };
  }

  /** Makes passes until nothing but time would start another one, or there were too many. */
  async settle(): Promise<void> {
    for (let round = 0; round < 5; round += 1) await this.pass();
  }

  /** Makes one pass over the resource as it is being deleted. */
  async depart(waitedMs = 0) {
    const deletionTimestamp = new Date(this.clock.now() - waitedMs).toISOString();
    const leaving = { ...this.resource, metadata: { ...this.resource.metadata, deletionTimestamp } };
    const from = this.druid.calls.length;
    const events: EventDraft[] = [];
    const end = await ingestionFinalize(this.#options()).run(
      leaving,
      this.#aPass(events, () => undefined),
    );
    return { end, events, calls: this.druid.calls.slice(from) };
  }

  #options() {
    const outside = {
      ...{ lanes: this.#lanes, contents: this.#contents, memory: this.#memory, figures: this.figures },
      turns: this.#turns,
      druid: (connection: DruidConnection) => {
        this.connections.push(connection);
        return this.druid.api;
      },
    };
    const policy = { safety: this.safety, allowedEndpoints: this.allowedEndpoints };
    return { outside, policy, pollMs: seconds(30), deadlineMs: minutes(5) };
  }

  #aPass(events: EventDraft[], onReport: (recheck: number | undefined) => void): Pass<DruidIngestion> {
    const pass: Partial<Pass<DruidIngestion>> = {
      ...{ now: new Date(this.clock.now()).toISOString().replace('.000', ''), isRehearsal: false, triggers: [] },
      signal: new AbortController().signal,
      cache: {
        get: (type, ref) => this.#find(type, ref),
        list: (type) => this.objects.filter((object): object is never => object.kind === type.kind),
        isServed: () => true,
        byIndex: (index, value) => {
          const valuesOf = index === uidIndex ? ({ metadata: { uid = '' } }: DruidIngestion) => [uid] : claimsOf;
          return [this.resource, ...this.rivals].filter((each) => valuesOf(each).includes(value));
        },
      },
      read: async (type, ref) => {
        if (this.uninstalled.has(type.kind))
          throw new ApiError({ status: 404, reason: 'NotFound', message: 'the server answered 404' });
        return this.#find(type, ref);
      },
      apply: (plan) => {
        for (const { objects } of plan.steps) for (const object of objects) this.#store(object as Draft<ConfigMap>);
        return Promise.resolve({ children: [], failures: [], contests: [], live: () => undefined } satisfies Outcome);
      },
      report: ({ status, events: told = [], recheckAfterMs }) => {
        events.push(...told);
        onReport(recheckAfterMs);
        if (JSON.stringify(status) !== JSON.stringify(this.resource.status ?? {})) this.statuses.push(status);
        this.resource = { ...this.resource, status };
        return Promise.resolve({});
      },
    };
    return pass as Pass<DruidIngestion>; // what is left out, nothing under test may call
  }

  #find<O extends KubeObject>(type: ResourceType<O>, { name }: ObjectRef): O | undefined {
    return this.objects.find((object): object is O => object.kind === type.kind && object.metadata.name === name);
  }

  #store(object: Draft<ConfigMap>): void {
    const resourceVersion = JSON.stringify(object.data).length.toString();
    this.put({
      ...object,
      metadata: { ...object.metadata, name: object.metadata.name ?? '', resourceVersion },
    } as KubeObject);
  }
}

/** A resource as the API server would return it: `clicks` in the namespace `shop`, unless told otherwise. */
export function anIngestion(
  spec: Spec,
  metadata: Partial<KubeObject['metadata']> = {},
  status?: DruidIngestionStatus,
): DruidIngestion {
  const made = DruidIngestion.withDefaults({
    apiVersion: 'druid.apache.org/v1alpha1',
    kind: 'DruidIngestion',
    metadata: { name: 'clicks', namespace: 'shop', uid: 'uid-of-clicks', generation: 1, ...metadata },
    spec,
  });
  return { ...made, ...(status !== undefined && { status }) };
}
