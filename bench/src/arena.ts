import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ControlPlane, startControlPlane, type TetheredProcess } from '@capstan/controlplane';
import { createClient, type Draft, type KubeClient, loadKubeConfig, Namespace } from '@capstan/kube';
import { StreamBusCluster } from '@capstan/streambus-operator';
import { type AuditedRequest, AuditLog, installOperator, type OperatorAccount, untilServed } from '@capstan/testkit';
import { bundleOperator } from './bundle-operator.ts';
import { type OperatorFiles, startOperator } from './operator-process.ts';
import { shippedNodeOptions } from './shipped-options.ts';
import { Timeline } from './timeline.ts';

/** The namespace that all clusters of the bench are made in. */
export const namespace = 'bench';

const fieldManager = 'capstan-bench';
const stopGraceMs = 30_000;

/** Where everything is measured: a control plane with an audit log, the operator as a process, and eyes on both. */
export class Arena implements AsyncDisposable {
  readonly plane: ControlPlane;
  readonly client: KubeClient;
  readonly timeline: Timeline;
  readonly audit: AuditLog;
  /** Whose requests are counted. */
  readonly user: string;
  readonly #files: OperatorFiles;
  readonly #cleanup: AsyncDisposableStack;
  #operator: TetheredProcess | undefined;

  private constructor(
    parts: Pick<Arena, 'plane' | 'client' | 'timeline' | 'user'>,
    files: OperatorFiles,
    cleanup: AsyncDisposableStack,
  ) {
    this.plane = parts.plane;
    this.client = parts.client;
    this.timeline = parts.timeline;
    this.user = parts.user;
    this.audit = new AuditLog(parts.plane.auditLog ?? '');
    this.#files = files;
    this.#cleanup = cleanup;
  }

  /** Starts everything but the operator. What was started is stopped again when a later part fails. */
  static async open(): Promise<Arena> {
    await using building = new AsyncDisposableStack();
    const dir = await mkdtemp(join(tmpdir(), 'capstan-bench-'));
    building.defer(() => rm(dir, { recursive: true, force: true }));
    const plane = building.use(await startControlPlane({ nodes: 'kwok', audit: true }));
    const client = createClient(await loadKubeConfig({ path: plane.kubeconfig }), { userAgent: fieldManager });
    building.defer(() => client.close());
    const account = await prepare(client);
    const timeline = await follow(client, building);
    const files = {
      program: await bundleOperator(dir),
      nodeOptions: await shippedNodeOptions(deployed('streambus-operator')),
      kubeconfig: await plane.serviceAccountKubeconfig(account.ref),
      log: join(dir, 'operator.log'),
    };
    return new Arena({ plane, client, timeline, user: account.user }, files, building.move());
  }

  /** The running operator. Throws an Error when none runs. */
  get operator(): TetheredProcess {
    if (this.#operator === undefined) throw new Error('the operator does not run');
    if (this.#operator.exitStatus !== undefined)
      throw new Error(`the operator ended; its log is ${this.#operator.logFile}`);
    return this.#operator;
  }

  async startOperator(): Promise<TetheredProcess> {
    this.#operator = await startOperator(this.#files);
    return this.#operator;
  }

  /** Stops it as a roll-out would: SIGTERM. */
  async stopOperator(): Promise<void> {
    await this.#operator?.stop(stopGraceMs);
    this.#operator = undefined;
  }

  /** What the operator has asked since a position of the audit log. */
  requestsSince(position: number): readonly AuditedRequest[] {
    return this.audit.since(position, { user: this.user });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stopOperator();
    await this.#cleanup.disposeAsync();
  }
}

/** The smallest cluster there is: one broker, everything else by default. */
export function smallCluster(name: string): Draft<StreamBusCluster> {
  const { group, version, kind } = StreamBusCluster;
  return StreamBusCluster.withDefaults({
    apiVersion: `${group}/${version}`,
    kind,
    metadata: { namespace, name },
    spec: { replicas: 1 },
  });
}

async function prepare(client: KubeClient): Promise<OperatorAccount> {
  const account = await installOperator(client, {
    crds: deployed('crds'),
    operator: deployed('streambus-operator'),
    fieldManager,
  });
  await client.apply(
    Namespace,
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
    { fieldManager },
  );
  await untilServed(client, StreamBusCluster, smallCluster('probe'), AbortSignal.timeout(30_000));
  return account;
}

async function follow(client: KubeClient, cleanup: AsyncDisposableStack): Promise<Timeline> {
  const timeline = new Timeline(client, namespace);
  const stop = new AbortController();
  const running = timeline.run(stop.signal);
  cleanup.defer(async () => {
    stop.abort();
    await running;
  });
  await timeline.synced();
  return timeline;
}

function deployed(path: string): string {
  return fileURLToPath(new URL(`../../deploy/${path}`, import.meta.url));
}
