import { join } from 'node:path';
import { type ControlPlane, startControlPlane, type TetheredProcess } from '@capstan/controlplane';
import { createClient, type KubeClient, loadKubeConfig } from '@capstan/kube';
import { AuditLog, installOperator, type OperatorAccount, untilServed } from '@capstan/testkit';
import { Board } from './board.ts';
import { createWorld, describeWorld } from './create-world.ts';
import { DemoFailure } from './demo-failure.ts';
import type { Exhibit } from './exhibits/exhibit.ts';
import { operatorDeath, startOperator } from './operator-process.ts';
import { offerCommands, operatorLog, places } from './places.ts';
import { applySamples } from './samples.ts';
import { type OpenExhibit, operatorOf, type StagedExhibit } from './staged-exhibit.ts';
import type { Steps } from './steps.ts';
import { counted } from './table.ts';
import { worldFor } from './world.ts';

export interface StageOptions {
  readonly exhibits: readonly Exhibit[];
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
  readonly client: KubeClient;
  readonly staged: readonly StagedExhibit[];
  readonly board: Board;
  /** Resolves with the reason when a program ends that should not have. */
  readonly breakdown: Promise<DemoFailure>;
}

/**
 * Builds the demo, step by step, and shows each. What it starts is put on `cleanup`, so that everything ends in the
 * reverse order also when a later step fails.
 */
export async function setStage(options: StageOptions, cleanup: AsyncDisposableStack): Promise<Stage> {
  const { plane, breakdown } = await startPlane(options, cleanup);
  const client = await adminClient(plane, cleanup);
  const open = await openAll(options, cleanup);
  const staged = await prepare(open, { ...options, client, plane });
  const board = followBoard(client, plane, staged, cleanup);
  const operators = [];
  for (const each of staged) operators.push(await runOperator(each, plane, options, cleanup));
  await applyAll(client, staged, options);
  return { plane, client, staged, board, breakdown: Promise.race([breakdown, ...operators.map(operatorDeath)]) };
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

/** One after another: each shows its own steps. */
async function openAll(
  { exhibits, steps, dir, signal }: StageOptions,
  cleanup: AsyncDisposableStack,
): Promise<readonly OpenExhibit[]> {
  const open: OpenExhibit[] = [];
  for (const exhibit of exhibits) {
    const backstage = { dir: join(places(dir).backstage, exhibit.system), steps, signal, cleanup };
    open.push({ exhibit, show: await exhibit.open(backstage) });
  }
  return open;
}

interface Preparation extends StageOptions {
  readonly client: KubeClient;
  readonly plane: ControlPlane;
}

async function prepare(
  open: readonly OpenExhibit[],
  { client, plane, steps, signal }: Preparation,
): Promise<readonly StagedExhibit[]> {
  const staged: StagedExhibit[] = [];
  for (const each of open) staged.push({ ...each, account: await install(each.exhibit, client, steps) });
  await steps.run('Creating what the samples need', async (note) => {
    const world = worldFor(open.flatMap(({ show }) => show.samples));
    await createWorld(world, plane, client);
    note(`Created ${describeWorld(world)}`);
  });
  await steps.run(`Waiting until the ${open.length === 1 ? 'CRD is' : 'CRDs are'} served`, async () => {
    for (const { exhibit, show } of open)
      for (const { manifest } of show.samples.slice(0, 1)) await untilServed(client, exhibit.kind, manifest, signal);
  });
  return staged;
}

async function install(exhibit: Exhibit, client: KubeClient, steps: Steps): Promise<OperatorAccount> {
  return await steps.run('Installing the CRDs and permissions', async (note) => {
    const { manifests } = operatorOf(exhibit);
    const installed = await installOperator(client, { manifests, fieldManager: 'capstan-demo' });
    note(`Installed the CRDs, and RBAC of ${nameOf(installed)}`);
    return installed;
  });
}

function followBoard(
  client: KubeClient,
  plane: ControlPlane,
  staged: readonly StagedExhibit[],
  cleanup: AsyncDisposableStack,
): Board {
  const board = new Board({ client, staged, audit: new AuditLog(plane.auditLog ?? '') });
  const stop = new AbortController();
  const running = board.run(stop.signal);
  cleanup.defer(async () => {
    stop.abort();
    await running;
  });
  return board;
}

async function runOperator(
  { exhibit, show, account }: StagedExhibit,
  plane: ControlPlane,
  { steps, dir }: StageOptions,
  cleanup: AsyncDisposableStack,
): Promise<TetheredProcess> {
  return await steps.run('Starting the operator', async (note) => {
    const kubeconfig = await plane.serviceAccountKubeconfig(account.ref);
    const program = operatorOf(exhibit);
    const { flags } = show;
    const operator = await startOperator(program, { kubeconfig, logFile: operatorLog(dir, program.name), flags });
    cleanup.defer(async () => {
      await operator.stop(operatorGraceMs);
    });
    note(`Started the operator as ${nameOf(account)}, process ${operator.pid}`);
    return operator;
  });
}

async function applyAll(client: KubeClient, staged: readonly StagedExhibit[], { steps }: StageOptions): Promise<void> {
  await steps.run('Applying the samples', async (note) => {
    await Promise.all(staged.map(({ exhibit, show }) => applySamples(client, exhibit.kind, show.samples)));
    const counts = staged.map(({ exhibit: { kind }, show: { samples } }) =>
      counted(samples.length, kind.kind, `${kind.kind}s`),
    );
    note(`Applied ${counts.join(', ')}`);
  });
}

/** `namespace/name` of the service account. */
function nameOf({ ref }: OperatorAccount): string {
  return `${ref.namespace}/${ref.name}`;
}

/** What a pod is given; more than the operator's own limits on stopping. */
const operatorGraceMs = 30_000;
