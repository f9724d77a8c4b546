import { DruidIngestion } from '@capstan/druid-operator';
import type { KubeClient, ObjectRef } from '@capstan/kube';
import { conditionOf } from '@capstan/runtime';
import { suspension } from './ingestion-commands.ts';

const asKubectl = { fieldManager: 'kubectl-patch' };

/** An ingestion that is edited, as a user does. */
export class EditedIngestion {
  readonly ref: ObjectRef;
  readonly #client: KubeClient;

  constructor(client: KubeClient, ref: ObjectRef) {
    this.#client = client;
    this.ref = ref;
  }

  /** Writes whether it is to be suspended. */
  async suspend(suspend: boolean): Promise<void> {
    await this.#client.patch(DruidIngestion, this.ref, { kind: 'merge', body: suspension(suspend) }, asKubectl);
  }

  /** Whether Druid has suspended it, by its status; undefined when the operator has not said so. */
  async isSuspended(): Promise<boolean | undefined> {
    const found = await this.#client.get(DruidIngestion, this.ref);
    const status = conditionOf(found?.status?.conditions, 'Suspended')?.status;
    return status === 'True' || status === 'False' ? status === 'True' : undefined;
  }
}
