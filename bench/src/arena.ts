import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ControlPlane, startControlPlane, type TetheredProcess } from '@capstan/controlplane';
import { createClient, type Draft, type KubeClient, type KubeObject, loadKubeConfig, Namespace } from '@capstan/kube';
import { type AuditedRequest, AuditLog, installOperator, type OperatorAccount, untilServed } from '@capstan/testkit';
import { bundleOperator } from './bundle-operator.ts';
import { lastWarning } from './last-warning.ts';
import { type OperatorFiles, startOperator } from './operator-process.ts';
import { repositoryPath } from './repository-path.ts';
import { shippedNodeOptions } from './shipped-options.ts';
import type { Subject } from './subjects/subject.ts';
import { Timeline } from './timeline.ts';

/** The namespace that all clusters of the bench are made in. */
export const namespace = 'bench';

const fieldManager = 'capstan-bench';
const stopGraceMs = 30_000;

/** What an arena is opened with. */
type Parts = Pick<Arena, 'subject' | 'plane' | 'client' | 'timeline' | 'user' | 'draft'>;

/** Where everything is measured: a control plane with an audit log, the operator as a process, and eyes on both. */
export class Arena implements AsyncDisposable {
  readonly subject: Subject;
  readonly plane: ControlPlane;
  readonly client: KubeClient;
  readonly timeline: Timeline;
  readonly audit: AuditLog;
  /** Whose requests are counted. */
  readonly user: string;
  /** What makes the cluster of a name. */
  readonly draft: (name: string) => Draft<KubeObject>;
  readonly #files: OperatorFiles;
  readonly #cleanup: AsyncDisposableStack;
  #operator: TetheredProcess | undefined;

  private constructor(parts: Parts, files: OperatorFiles, cleanup: AsyncDisposableStack) {
    this.subject = parts.subject;
    this.plane = parts.plane;
    this.client = parts.client;
    this.timeline = parts.timeline;
    this.user = parts.user;
    this.draft = parts.draft;
    this.audit = new AuditLog(parts.plane.auditLog ?? '');
    this.#files = files;
    this.#cleanup = cleanup;
  }

  /** Starts everything but the operator. What was started is stopped again when a later part fails. */
  static async open(subject: Subject): Promise<Arena> {
    await using building = new AsyncDisposableStack();
    const draftOf = await subject.draft();
    const draft = (name: string) => draftOf({ namespace, name });
    const dir = await mkdtemp(join(tmpdir(), 'capstan-bench-'));
    building.defer(() => rm(dir, { recursive: true, force: true }));
    const plane = building.use(await startControlPlane({ nodes: 'kwok', audit: true }));
    const client = createClient(await loadKubeConfig({ path: plane.kubeconfig }), { userAgent: fieldManager });
    building.defer(() => client.close());
    const account = await prepare(client, subject, draft('probe'));
    const timeline = await follow(client, subject, building);
    const name = nameOf(subject);
    const files = {
      name,
      program: await bundleOperator(subject.system, dir),
      nodeOptions: await shippedNodeOptions(repositoryPath(`deploy/${name}`)),
      kubeconfig: await plane.serviceAccountKubeconfig(account.ref),
      log: join(dir, 'operator.log'),
    };
    return new Arena({ subject, plane, client, timeline, user: account.user, draft }, files, building.move());
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

  /** What the operator last warned of in its log; undefined when it has had nothing to warn of, or has not been started. */
  async lastWarning(): Promise<string | undefined> {
    // Without a log there was nothing to say.
    return lastWarning(await readFile(this.#files.log, 'utf8').catch(() => ''));
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

/** The operator as it is shipped. */
function nameOf({ system }: Subject): string {
  return `${system}-operator`;
}

async function prepare(client: KubeClient, subject: Subject, probe: Draft<KubeObject>): Promise<OperatorAccount> {
  const manifests = repositoryPath(`deploy/${nameOf(subject)}.yaml`);
  const account = await installOperator(client, { manifests, fieldManager });
  await client.apply(
    Namespace,
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
    { fieldManager },
  );
  await untilServed(client, subject.kind, probe, AbortSignal.timeout(30_000));
  return account;
}

async function follow(client: KubeClient, subject: Subject, cleanup: AsyncDisposableStack): Promise<Timeline> {
  const timeline = new Timeline(client, subject, namespace);
  const stop = new AbortController();
  const running = timeline.run(stop.signal);
  cleanup.defer(async () => {
    stop.abort();
    await running;
  });
  await timeline.synced();
  return timeline;
}
