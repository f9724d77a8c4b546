import type { InputOf } from '@capstan/crd';
import type { KubeObject, ObjectRef, Pod, ResourceType } from '@capstan/kube';
import { type Desired, desiredOf, type EventDraft, type Pass, type Plan } from '@capstan/runtime';
import { aCluster, type SpecInput } from '../a-cluster.fixture.ts';
import type { Question, Reply } from '../admin/control-plane/correspondence.ts';
import type { PrismCluster, PrismClusterStatus } from '../api/v1alpha1/prism-cluster.ts';
import { PrismNamespace, type PrismNamespaceStatus } from '../api/v1alpha2/prism-namespace.ts';
import { instanceLabel } from '../pods/watched-pods.ts';
import { namespaceReconciler } from './reconciler.ts';

export type NamespaceInput = Partial<InputOf<typeof PrismNamespace>['spec']>;

/** A namespace of the cluster `orders` in the Kubernetes namespace `shop`, as the API server would return it. */
export function aNamespace(name: string, spec: NamespaceInput = {}, status?: PrismNamespaceStatus): PrismNamespace {
  const namespace = PrismNamespace.withDefaults({
    apiVersion: 'prism.io/v1alpha2',
    kind: 'PrismNamespace',
    metadata: { name, namespace: 'shop', generation: 1, uid: `uid-of-${name}` },
    spec: { cluster: 'orders', ...spec },
  });
  return { ...namespace, ...(status !== undefined && { status }) };
}

/** A pod of prism-admin of the cluster `orders` that is ready, unless told otherwise. */
export function anAdminPod(name: string, { isReady = true, restarts = 0 } = {}): Pod {
  const container = { name: 'prism-admin', restartCount: restarts, ready: isReady, image: '', imageID: '' };
  return {
    ...{ apiVersion: 'v1', kind: 'Pod' },
    metadata: { name, namespace: 'shop', uid: `uid-of-${name}`, labels: { [instanceLabel]: 'orders' } },
    status: {
      conditions: [{ type: 'Ready', status: isReady ? 'True' : 'False' }],
      containerStatuses: [container],
    },
  };
}

/** A cluster that knows the patterns keyvalue and consumer, and allows what it may, with what a test cares about over it. */
export function aClusterWithPatterns(spec: SpecInput = {}, status?: PrismClusterStatus): PrismCluster {
  const patterns = [
    { name: 'keyvalue', backends: ['redis' as const] },
    { name: 'consumer', backends: ['nats' as const] },
  ];
  const tenancy = { allowResourceQuotas: true, allowDedicatedRunners: true };
  const whole = { backends: { redis: {}, nats: {} }, patterns, tenancy, ...spec };
  return aCluster({ spec: whole, ...(status !== undefined && { status }) });
}

/** A PrismPattern as the plan has it, after its own controller has said this of it. */
export function patternSaying(
  pattern: Desired,
  conditions: Readonly<Record<string, string>>,
  message = '',
): KubeObject {
  const said = Object.entries(conditions).map(([type, status]) => ({
    ...{ type, status, reason: 'Because', message, observedGeneration: 1, lastTransitionTime: '2026-01-01T00:00:00Z' },
  }));
  const metadata = { ...pattern.metadata, name: pattern.metadata.name ?? '', namespace: 'shop', generation: 1 };
  return { ...pattern, metadata, status: { conditions: said } } as KubeObject; // a draft with all that a real one has
}

/** One namespace, what is around it, and what its passes do; prism-admin answers as a test says. */
export class NamespaceStage {
  /** What there is besides the namespace itself. */
  objects: readonly KubeObject[];
  reply: Reply = { kind: 'Asking' };
  readonly asked: Question[] = [];
  forgotten = 0;
  /** Of the last pass; absent where it applied nothing. */
  plan: Plan | undefined;
  events: readonly EventDraft[] = [];
  recheckAfterMs: number | undefined;
  namespace: PrismNamespace;

  constructor(namespace: PrismNamespace, objects: readonly KubeObject[]) {
    this.namespace = namespace;
    this.objects = objects;
  }

  get status(): PrismNamespaceStatus {
    return this.namespace.status ?? {};
  }

  /** `True Reason` by type. */
  get conditions(): Readonly<Record<string, string>> {
    return Object.fromEntries(
      (this.status.conditions ?? []).map(({ type, status, reason }) => [type, `${status} ${reason}`]),
    );
  }

  message(type: string): string {
    return this.status.conditions?.find((each) => each.type === type)?.message ?? '';
  }

  /** prism-admin has answered that it has the namespace. */
  answer(confirmation: 'ReadBack' | 'OutOfSight' | 'NotReadBack' = 'ReadBack'): void {
    const placed = { partition: 238, proxy: 'shop.orders' };
    this.reply = { kind: 'Answered', outcome: { kind: 'Settled', placed, confirmation } };
  }

  /** What the last pass applied of a kind. */
  planned(kind: string): readonly Desired[] {
    const all = this.plan?.steps.flatMap(({ objects }) => objects.map(desiredOf)) ?? [];
    return all.filter((each) => each.kind === kind);
  }

  async pass({ isRehearsal = false } = {}): Promise<void> {
    this.plan = undefined;
    const correspondence = {
      ask: (question: Question) => {
        this.asked.push(question);
        return this.reply;
      },
      forget: () => {
        this.forgotten += 1;
      },
    };
    await namespaceReconciler({ correspondence, neighbours: { came: () => {} } })(
      this.namespace,
      this.#pass(isRehearsal),
    );
  }

  #pass(isRehearsal: boolean): Pass<PrismNamespace> {
    const all = () => [this.namespace, ...this.objects];
    const pass: Partial<Pass<PrismNamespace>> = {
      ...{ isRehearsal, now: '2026-01-01T00:00:00Z' },
      cache: {
        get: (type, ref) => ofKind(all(), type).find((each) => isNamed(each, ref)),
        list: (type) => ofKind(all(), type),
        byIndex: () => [],
        isServed: () => true,
      },
      apply: async (plan) => {
        this.plan = plan;
        const names = plan.steps.flatMap(({ objects }) => objects.map(desiredOf));
        const children = names.map(({ kind, metadata }) => ({
          ...{ child: `${kind}/${metadata.name}`, action: 'Created' as const },
        }));
        return { children, failures: [], contests: [], live: () => undefined };
      },
      report: async ({ status, events = [], recheckAfterMs }) => {
        this.namespace = { ...this.namespace, status };
        this.events = events;
        this.recheckAfterMs = recheckAfterMs;
        return {};
      },
    };
    return pass as Pass<PrismNamespace>; // what is left out, nothing under test may call
  }
}

function ofKind<O extends KubeObject>(
  objects: readonly KubeObject[],
  { kind, version }: ResourceType<O>,
): readonly O[] {
  return objects.filter(
    (object): object is O => object.kind === kind && (object.apiVersion.split('/').at(-1) ?? '') === version,
  );
}

function isNamed({ metadata }: KubeObject, { namespace, name }: ObjectRef): boolean {
  return metadata.name === name && metadata.namespace === namespace;
}
