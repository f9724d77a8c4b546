import { join } from 'node:path';
import { type ControlPlane, startControlPlane } from '@capstan/controlplane';
import type { KubeClient } from '@capstan/kube';
import { AuditLog, type OperatorAccount, untilServed } from '@capstan/testkit';
import { adminClient } from './admin-client.ts';
import { Board } from './board.ts';
import { createWorld, describeWorld } from './create-world.ts';
import { DemoFailure } from './demo-failure.ts';
import type { Backstage, Exhibit, ShownOperator } from './exhibits/exhibit.ts';
import { installShipped } from './install-shipped.ts';
import type { KindRows } from './kind-rows.ts';
import { operatorDeath, startOperator, stopOperator } from './operator-process.ts';
import { offerCommands, operatorLog, places } from './places.ts';
import { shippedOperator } from './repository.ts';
import { applySamples } from './samples.ts';
import type { OpenExhibit, StagedExhibit } from './staged-exhibit.ts';
import type { Steps } from './steps.ts';
import { counted } from './table.ts';
import { type World, worldFor } from './world.ts';

export interface StageOptions {
  readonly steps: Steps;
  /** Holds the control plane's files and every log. */
  readonly dir: string;
  readonly signal: AbortSignal;
  /** What is started is put here, so that everything ends in the reverse order also when a later step fails. */
  readonly cleanup: AsyncDisposableStack;
  /** Called as soon as something runs that has to be stopped. */
  readonly onRunning: () => void;
}

/** How something is brought in. */
export interface Ways {
  readonly steps: Steps;
  /** What is started is put here. */
  readonly cleanup: AsyncDisposableStack;
}

/** An exhibit whose samples are applied, and where they are looked at. */
export interface OnStage extends StagedExhibit {
  readonly rows: KindRows;
}

/** A control plane, and what is brought in to it. */
export class Stage {
  readonly plane: ControlPlane;
  readonly client: KubeClient;
  readonly board: Board;
  readonly #options: Omit<StageOptions, 'onRunning'>;
  readonly #breakdown: PromiseWithResolvers<DemoFailure>;
  /** By system. */
  readonly #accounts = new Map<string, OperatorAccount>();
  readonly #running = new Set<string>();

  private constructor(
    plane: ControlPlane,
    options: Omit<StageOptions, 'onRunning'>,
    breakdown: PromiseWithResolvers<DemoFailure>,
    client: KubeClient,
  ) {
    this.plane = plane;
    this.client = client;
    this.#options = options;
    this.#breakdown = breakdown;
    this.board = options.cleanup.use(new Board({ client, audit: new AuditLog(plane.auditLog ?? '') }));
  }

  /** Starts the control plane, with each of its steps shown. */
  static async set({ onRunning, ...options }: StageOptions): Promise<Stage> {
    const { steps, dir, signal, cleanup } = options;
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
    await offerCommands(dir, plane);
    return new Stage(plane, options, breakdown, await adminClient(plane.kubeconfig, cleanup));
  }

  /** Resolves with the reason when a program ends that should not have. */
  get breakdown(): Promise<DemoFailure> {
    return this.#breakdown.promise;
  }

  /** Brings in exhibits, and shows each step: their operators where they do not run yet, what their samples need, the samples. */
  async bringIn(exhibits: readonly Exhibit[], ways: Ways): Promise<readonly OnStage[]> {
    const open: OpenExhibit[] = [];
    for (const exhibit of exhibits) {
      open.push({ exhibit, show: await exhibit.open(this.#backstage(exhibit.kind.plural, ways)) });
    }
    const staged = await this.#prepare(open, ways.steps);
    const onStage = staged.map((each) => ({ ...each, rows: this.board.add(each) }));
    for (const { exhibit } of staged) await this.#run(exhibit.operator, ways);
    await this.#apply(onStage, ways.steps);
    return onStage;
  }

  #backstage(name: string, { steps, cleanup }: Ways): Backstage {
    const { dir, signal } = this.#options;
    signal.throwIfAborted();
    const { plane, client } = this;
    return { plane, client, demoDir: dir, dir: join(places(dir).backstage, name), steps, signal, cleanup };
  }

  async #prepare(open: readonly OpenExhibit[], steps: Steps): Promise<readonly StagedExhibit[]> {
    const { client } = this;
    const { signal } = this.#options;
    const staged: StagedExhibit[] = [];
    for (const each of open) staged.push({ ...each, account: await this.#accountOf(each.exhibit.operator, steps) });
    await this.#create(worldFor(open.flatMap(({ show }) => show.samples)), steps);
    await steps.run('Waiting until the CRDs are served', async () => {
      for (const { exhibit, show } of open)
        for (const { manifest } of show.samples.slice(0, 1)) await untilServed(client, exhibit.kind, manifest, signal);
    });
    return staged;
  }

  /** What needs no more than its namespaces is not worth a line. */
  async #create(world: World, steps: Steps): Promise<void> {
    const create = (): Promise<void> => createWorld(world, this.plane, this.client);
    if (world.storageClasses.length + world.nodes.length + world.secrets.length === 0) return await create();
    await steps.run('Creating what the samples need', async (note) => {
      await create();
      note(`Created ${describeWorld(world)}`);
    });
  }

  async #accountOf({ system }: ShownOperator, steps: Steps): Promise<OperatorAccount> {
    const known = this.#accounts.get(system);
    if (known !== undefined) return known;
    const account = await installShipped(this.client, shippedOperator(system), steps);
    this.#accounts.set(system, account);
    return account;
  }

  async #run(operator: ShownOperator, ways: Ways): Promise<void> {
    const { system } = operator;
    const account = this.#accounts.get(system);
    if (account === undefined || this.#running.has(system)) return;
    this.#running.add(system);
    const { dir } = this.#options;
    const { steps, cleanup } = ways;
    const surroundings = await operator.open(this.#backstage(system, ways));
    await steps.run(`Starting the ${system} operator`, async (note) => {
      const kubeconfig = await this.plane.serviceAccountKubeconfig(account.ref);
      const program = shippedOperator(system);
      const started = await startOperator(program, {
        kubeconfig,
        logFile: operatorLog(dir, program.name),
        surroundings,
      });
      cleanup.defer(() => stopOperator(started));
      void operatorDeath(started).then(this.#breakdown.resolve);
      note(`Started the operator as ${account.ref.namespace}/${account.ref.name}, process ${started.pid}`);
    });
  }

  async #apply(staged: readonly OnStage[], steps: Steps): Promise<void> {
    await steps.run('Applying the samples', async (note) => {
      for (const { exhibit, show } of staged) await applySamples(this.client, exhibit.kind, show.samples);
      const counts = staged.map(({ exhibit: { kind }, show: { samples } }) =>
        counted(samples.length, kind.kind, `${kind.kind}s`),
      );
      note(`Applied ${counts.join(', ')}`);
    });
  }
}
