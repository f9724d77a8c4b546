import { type ControlPlane, startControlPlane } from '@capstan/controlplane';
import {
  createClient,
  type KubeClient,
  type KubeObject,
  loadKubeConfig,
  Namespace,
  PersistentVolumeClaim,
  Pod,
  type ResourceType,
  Secret,
} from '@capstan/kube';
import { eventually } from '@capstan/testkit';
import { expect } from 'vitest';
import { InstalledOperator, type ShippedOperator } from './installed-operator.ts';

/** Things take a while to be collected. */
export const patiently = { timeout: 60_000 } as const;

/** A control plane of its own: definitions come and go on it, which would disturb everybody else. */
export class UninstallStage implements AsyncDisposable {
  readonly plane: ControlPlane;
  readonly client: KubeClient;
  readonly operator: InstalledOperator;
  readonly #rest: AsyncDisposableStack;

  private constructor(
    plane: ControlPlane,
    client: KubeClient,
    operator: InstalledOperator,
    rest: AsyncDisposableStack,
  ) {
    this.plane = plane;
    this.client = client;
    this.operator = operator;
    this.#rest = rest;
  }

  /** Starts the control plane, installs the operator on it and starts that. */
  static async open(shipped: ShippedOperator): Promise<UninstallStage> {
    await using building = new AsyncDisposableStack();
    const plane = building.use(await startControlPlane({ nodes: 'kwok' }));
    const client = createClient(await loadKubeConfig({ path: plane.kubeconfig }));
    building.defer(() => client.close());
    const operator = building.use(new InstalledOperator(plane, client, shipped));
    await operator.install();
    return new UninstallStage(plane, client, operator, building.move());
  }

  async namespace(name: string): Promise<string> {
    const body: Namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
    await this.client.apply(Namespace, body, { fieldManager: 'test' });
    return name;
  }

  /** UIDs of what must outlive an operator, by kind and name. */
  async uidsOfData(namespace: string): Promise<Readonly<Record<string, string | undefined>>> {
    return this.#uids(namespace, [PersistentVolumeClaim, Secret]);
  }

  /** UIDs of the pods as well: another one is a restart. */
  async uidsOfOperands(namespace: string): Promise<Readonly<Record<string, string | undefined>>> {
    return this.#uids(namespace, [PersistentVolumeClaim, Secret, Pod]);
  }

  /** Resolves when an object is gone. */
  async untilGone(type: ResourceType, name: string, namespace?: string): Promise<void> {
    await eventually(async () => {
      const found = await this.client.get<KubeObject>(type, { namespace, name });
      expect(found, `${type.kind} ${name}`).toBeUndefined();
    }, patiently);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#rest.disposeAsync();
  }

  async #uids(namespace: string, types: readonly ResourceType[]) {
    const options = { namespace, metadataOnly: true };
    const lists = await Promise.all(types.map((type) => this.client.list<KubeObject>(type, options)));
    const all = lists.flatMap(({ items }) => items);
    return Object.fromEntries(all.map(({ kind, metadata }) => [`${kind}/${metadata.name}`, metadata.uid]));
  }
}
