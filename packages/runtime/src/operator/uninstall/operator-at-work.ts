import { ApiError, Deployment, Lease, type ObjectRef } from '@capstan/kube';
import { seconds } from '../../duration.ts';
import { LeaseObservation } from '../../leader/lease-observation.ts';
import { holderOf } from '../../leader/lease-record.ts';
import type { Uninstalling } from './uninstall-options.ts';

/** Nobody: this process never holds the Lease. */
const nobody = '';
/** For a Lease that does not tell. */
const usualDuration = seconds(15);
const lookEvery = seconds(1);

/** The operator that is to be taken down, as far as its Deployment and its Lease tell whether it is at work. */
export class OperatorAtWork {
  readonly #options: Uninstalling;
  readonly #lease: ObjectRef;
  readonly #observation = new LeaseObservation(nobody, usualDuration);

  constructor(options: Uninstalling) {
    const { leaseNamespace, namespace, operator } = options;
    this.#options = options;
    this.#lease = { namespace: leaseNamespace ?? namespace, name: operator.name };
  }

  /** Who is at work, as far as can be known; a Lease counts until it was not renewed for as long as it is for. */
  async holder(): Promise<string | undefined> {
    const { client, clock } = this.#options;
    const lease = await client.get(Lease, this.#lease);
    this.#observation.saw(lease, clock.monotonic());
    if (clock.monotonic() < this.#observation.freeAt)
      return `${holderOf(this.#observation.lease) ?? 'somebody'} holds the Lease ${pathOf(this.#lease)}`;
    const { statusReplicas = 0 } = (await this.#scale()) ?? {};
    return statusReplicas === 0 ? undefined : `${statusReplicas} pods of ${this.#options.deployment} are there`;
  }

  /** Scales it to zero and waits until nobody is at work. @returns who still is, when the time is over */
  async stop(): Promise<string | undefined> {
    await this.#scaleDown();
    return this.untilIdle();
  }

  /** Waits until nobody is at work, or `isOver` says so. @returns who still is */
  async untilIdle(isOver: () => Promise<boolean> = async () => false): Promise<string | undefined> {
    const { clock, timeoutMs } = this.#options;
    const deadline = clock.monotonic() + timeoutMs;
    for (;;) {
      const holder = await this.holder();
      if (holder === undefined || clock.monotonic() >= deadline || (await isOver())) return holder;
      await clock.sleep(Math.max(0, Math.min(lookEvery, deadline - clock.monotonic())));
    }
  }

  async #scaleDown(): Promise<void> {
    const { client, tell, deployment, namespace } = this.#options;
    if (deployment === undefined) return;
    const scale = await this.#scale();
    if (scale === undefined) return tell(`Deployment ${namespace}/${deployment}: is not there`);
    if (scale.specReplicas === 0) return tell(`Deployment ${namespace}/${deployment}: has no replicas`);
    await client.setScale(Deployment, { namespace, name: deployment }, 0);
    tell(`Deployment ${namespace}/${deployment}: scaled to zero`);
  }

  async #scale() {
    const { client, deployment, namespace } = this.#options;
    if (deployment === undefined) return undefined;
    try {
      return await client.getScale(Deployment, { namespace, name: deployment });
    } catch (error) {
      if (error instanceof ApiError && error.isNotFound) return undefined;
      throw error;
    }
  }
}

function pathOf({ namespace, name }: ObjectRef): string {
  return `${namespace}/${name}`;
}
