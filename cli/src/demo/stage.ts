import { type ControlPlane, startControlPlane, type TetheredProcess } from '@capstan/controlplane';
import { createClient, type KubeClient, loadKubeConfig } from '@capstan/kube';
import { StreamBusCluster } from '@capstan/streambus-operator';
import { AuditLog, BrokerStandIns, installOperator, type OperatorAccount, untilServed } from '@capstan/testkit';
import { Board } from './board.ts';
import { createWorld, describeWorld } from './create-world.ts';
import { DemoFailure } from './demo-failure.ts';
import { operatorDeath, startOperator } from './operator-process.ts';
import { offerCommands, places } from './places.ts';
import { deploy } from './repository.ts';
import { applySamples, readSamples, type Sample } from './samples.ts';
import type { Steps } from './steps.ts';
import { worldFor } from './world.ts';

export interface StageOptions {
  readonly steps: Steps;
  /** Holds the control plane's files and every log. */
  readonly dir: string;
  readonly signal: AbortSignal;
  /** Called as soon as something runs that has to be stopped. */
  readonly onRunning: () => void;
}

/** Everything the demo runs. */
export interface Stage {
  readonly plane: ControlPlane;
  readonly operator: TetheredProcess;
  readonly board: Board;
  /** Resolves with the reason when a program ends that should not have. */
  readonly breakdown: Promise<DemoFailure>;
}

/**
 * Builds the demo, step by step, and shows each. What it starts is put on `cleanup`, so that everything ends in the
 * reverse order also when a later step fails.
 */
export async function setStage(options: StageOptions, cleanup: AsyncDisposableStack): Promise<Stage> {
  const { steps, signal } = options;
  const samples = await readSamples();
  const { plane, breakdown } = await startPlane(options, cleanup);
  const client = await adminClient(plane, cleanup);
  const account = await prepare({ client, plane, samples, steps, signal });
  const board = followBoard({ client, plane, samples, account }, cleanup);
  const operator = await runOperator(plane, account, options, cleanup);
  await steps.run('Applying the samples', async (note) => {
    await applySamples(client, samples);
    note(`Applied ${samples.length} StreamBusClusters`);
  });
  return { plane, operator, board, breakdown: Promise.race([breakdown, operatorDeath(operator)]) };
}

async function startPlane({ steps, dir, signal, onRunning }: StageOptions, cleanup: AsyncDisposableStack) {
  const breakdown = Promise.withResolvers<DemoFailure>();
  const plane = await steps.follow((onProgress) =>
    startControlPlane({
      nodes: 'kwok',
      audit: true,
      dir: places(dir).controlPlane,
      onProgress,
      signal,
      onUnexpectedExit: ({ component, how, logFile }) =>
        breakdown.resolve(new DemoFailure(`${component} ended (${how})`, { logs: logFile })),
    }),
  );
  cleanup.use(plane);
  onRunning();
  await offerCommands(dir, plane.binaries.kubectl);
  return { plane, breakdown: breakdown.promise };
}

async function adminClient({ kubeconfig }: ControlPlane, cleanup: AsyncDisposableStack): Promise<KubeClient> {
  const client = createClient(await loadKubeConfig({ path: kubeconfig }), { userAgent: 'capstan-demo' });
  cleanup.defer(() => client.close());
  return client;
}

interface Preparation {
  readonly client: KubeClient;
  readonly plane: ControlPlane;
  readonly samples: readonly Sample[];
  readonly steps: Steps;
  readonly signal: AbortSignal;
}

async function prepare({ client, plane, samples, steps, signal }: Preparation): Promise<OperatorAccount> {
  const account = await steps.run('Installing the CRD and permissions', async (note) => {
    const installed = await installOperator(client, { ...deploy, fieldManager: 'capstan-demo' });
    note(`Installed the CRD, and RBAC of ${nameOf(installed)}`);
    return installed;
  });
  await steps.run('Creating what the samples need', async (note) => {
    const world = worldFor(samples.map(({ cluster }) => cluster));
    await createWorld(world, plane, client);
    note(`Created ${describeWorld(world)}`);
  });
  await steps.run('Waiting until the CRD is served', async () => {
    const [sample] = samples;
    if (sample !== undefined) await untilServed(client, StreamBusCluster, sample.manifest, signal);
  });
  return account;
}

interface BoardParts extends Pick<Preparation, 'client' | 'plane' | 'samples'> {
  readonly account: OperatorAccount;
}

function followBoard({ client, plane, samples, account }: BoardParts, cleanup: AsyncDisposableStack): Board {
  const clusters = samples.map(({ cluster: { metadata } }) => ({
    namespace: metadata.namespace ?? 'default',
    name: metadata.name,
  }));
  const board = new Board({ client, clusters, audit: new AuditLog(plane.auditLog ?? ''), operatorUser: account.user });
  const stop = new AbortController();
  const running = board.run(stop.signal);
  cleanup.defer(async () => {
    stop.abort();
    await running;
  });
  return board;
}

async function runOperator(
  plane: ControlPlane,
  account: OperatorAccount,
  { steps, dir }: StageOptions,
  cleanup: AsyncDisposableStack,
) {
  return await steps.run('Starting the operator', async (note) => {
    const kubeconfig = await plane.serviceAccountKubeconfig(account.ref);
    const brokers = cleanup.use(await BrokerStandIns.start());
    const operator = await startOperator({
      ...{ kubeconfig, logFile: places(dir).operatorLog },
      brokerProxy: brokers.url,
    });
    cleanup.defer(async () => {
      await operator.stop(operatorGraceMs);
    });
    note(`Started the operator as ${nameOf(account)}, process ${operator.pid}`);
    return operator;
  });
}

/** `namespace/name` of the service account. */
function nameOf({ ref }: OperatorAccount): string {
  return `${ref.namespace}/${ref.name}`;
}

/** What a pod is given; more than the operator's own limits on stopping. */
const operatorGraceMs = 30_000;
