import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { customResource, type ResourceOf, Type } from '@capstan/crd';
import {
  ConfigMap,
  type Connection,
  createClient,
  type KubeClient,
  Lease,
  loadKubeConfig,
  Namespace,
  systemClock,
} from '@capstan/kube';
import {
  AuditLog,
  connectionWith,
  createIdentity,
  eventually,
  installKinds,
  never,
  writeVerbs,
} from '@capstan/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { type Controller, controller } from '../controller/controller.ts';
import { owned } from '../controller/reconciler.ts';
import { millis, seconds } from '../duration.ts';
import { microTime } from '../events/event-draft.ts';
import { createLogger } from '../log.ts';
import { Manager } from '../manager.ts';
import { LeadershipLost, unopposed } from './leadership.ts';
import { leaseElection } from './lease-election.ts';
import { rivalRules } from './lease-rules.ts';
import { RivalCensus } from './rival-census.ts';
import { yielding } from './yielding-election.ts';

const Memo = customResource({
  group: 'rivals.capstan.dev',
  version: 'v1',
  kind: 'Memo',
  plural: 'memos',
  description: 'Something to be remembered.',
  spec: Type.Object({ text: Type.String({ maxLength: 60, description: 'What to remember.' }) }),
  status: Type.Object({ said: Type.Optional(Type.String({ description: 'What was said.' })) }),
});
type Memo = ResourceOf<typeof Memo>;

const rival = { lease: 'memo-operator-lock', what: 'the former operator' };
const quick = { leaseDurationMs: seconds(3), renewDeadlineMs: seconds(2), retryPeriodMs: millis(500) };

let connection: Connection;
let admin: KubeClient;
const audit = new AuditLog(inject('auditLog'));

beforeAll(async () => {
  connection = await loadKubeConfig({ path: inject('kubeconfig') });
  admin = createClient(connection);
  await installKinds(admin, [Memo]);
});

afterAll(() => admin.close());

const memos: Controller = controller(Memo, {
  name: 'memo-operator',
  owns: [owned(ConfigMap)],
  reconcile: async ({ metadata: { name }, spec: { text } }, pass) => {
    const map: ConfigMap = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { text } };
    await pass.apply({ steps: [{ name: 'text', objects: [map] }] });
    return pass.report({ status: { said: text } });
  },
});

/** Another operator, as far as anybody can see: it renews its lease until it dies, and never gives it back. */
class FormerOperator implements AsyncDisposable {
  readonly #death = new AbortController();
  readonly #renewing: Promise<void>;

  constructor(namespace: string, name = rival.lease) {
    this.#renewing = this.#renew(namespace, name);
  }

  async die(): Promise<void> {
    this.#death.abort();
    await this.#renewing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.die();
  }

  async #renew(namespace: string, name: string): Promise<void> {
    while (!this.#death.signal.aborted) {
      const spec = { holderIdentity: 'former-1', leaseDurationSeconds: 3, renewTime: microTime(Date.now()) };
      const lease = {
        apiVersion: 'coordination.k8s.io/v1',
        kind: 'Lease',
        metadata: { namespace, name },
        spec,
      } as const;
      await admin.apply(Lease, lease, { fieldManager: 'former-operator', force: true });
      await systemClock.sleep(500, this.#death.signal).catch(() => undefined);
    }
  }
}

interface OurOptions {
  readonly via?: Connection;
  readonly controllers?: readonly Controller[];
  readonly isElected?: boolean;
}

/** One process of our operator, as far as the API server and its log can tell. */
class OurOperator implements AsyncDisposable {
  readonly lines: Record<string, unknown>[] = [];
  readonly ended: Promise<unknown>;
  readonly userAgent: string;
  readonly #stop = new AbortController();

  constructor(namespace: string, name: string, { via = connection, controllers = [], isElected = false }: OurOptions) {
    this.userAgent = `${namespace}-${name}`;
    const elect = isElected ? leaseElection({ name: 'memos', namespace, identity: name, ...quick }) : () => unopposed;
    const manager = new Manager({
      ...{ connection: { ...via, namespace }, controllers, namespaces: [namespace], userAgent: this.userAgent },
      log: createLogger({ level: 'info', destination: { write: (line) => void this.lines.push(JSON.parse(line)) } }),
      election: yielding(elect, { census: new RivalCensus([rival]), namespaces: [], ownNamespaces: [namespace] }),
    });
    this.ended = manager.run(this.#stop.signal).then(
      () => undefined,
      (error: unknown) => error,
    );
  }

  untilSaid(text: string): Promise<void> {
    return eventually(() => expect(this.lines.map(({ msg }) => msg)).toContainEqual(expect.stringContaining(text)));
  }

  said(text: string): boolean {
    return this.lines.some(({ msg }) => String(msg).includes(text));
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.ended;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }
}

async function namespaceOf(name: string): Promise<string> {
  await admin.apply(Namespace, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } }, { fieldManager: 'test' });
  return name;
}

async function write(namespace: string, text: string): Promise<void> {
  const memo: Memo = {
    ...{ apiVersion: 'rivals.capstan.dev/v1', kind: 'Memo', metadata: { namespace, name: 'm' } },
    spec: { text },
  };
  await admin.apply(Memo, memo, { fieldManager: 'a-user', force: true });
}

async function written(namespace: string): Promise<string | undefined> {
  return (await admin.get(ConfigMap, { namespace, name: 'm' }))?.data?.['text'];
}

describe('beside another operator', () => {
  it('ours writes nothing, takes over by itself when the other dies, and ends when it comes back', async () => {
    const [ourNamespace, itsNamespace] = [await namespaceOf('rivals-ours'), await namespaceOf('rivals-its')];
    const options = { controllers: [memos], isElected: true };
    await using former = new FormerOperator(itsNamespace);
    await eventually(async () =>
      expect(await admin.get(Lease, { namespace: itsNamespace, name: rival.lease })).toBeDefined(),
    );
    const start = audit.position();
    await using first = new OurOperator(ourNamespace, 'first', options);
    await first.untilSaid('another operator is at work');
    await write(ourNamespace, 'one');
    const writesOf = (userAgent: string) => audit.since(start, { userAgent, verbs: writeVerbs });
    // Longer than the other's lease lasts: its renewals are what holds ours back.
    await never(
      () => expect([...writesOf(first.userAgent), ...writesOf(`${first.userAgent}/leader-election`)]).not.toEqual([]),
      { during: 4_000 },
    );
    await former.die();
    await eventually(async () => expect(await written(ourNamespace)).toBe('one'));
    await using second = new OurOperator(ourNamespace, 'second', options);
    await second.untilSaid('another process leads; standing by');
    await using _again = new FormerOperator(itsNamespace);
    const reason = await first.ended;
    expect(reason).toBeInstanceOf(LeadershipLost);
    expect(String(reason)).toContain(`the former operator (Lease ${itsNamespace}/${rival.lease}, held by "former-1")`);
    await second.untilSaid('another operator is at work');
    expect(second.said('leading')).toBe(false);
  }, 60_000);
});

describe('what it may see', () => {
  it('is a rival in any namespace, with the rule for it and nothing else', async () => {
    const [ours, its] = [await namespaceOf('rivals-seen'), await namespaceOf('rivals-seen-its')];
    const options = { namespace: ours, name: 'operator', rules: rivalRules([rival]), clusterWide: true };
    await using identity = await createIdentity(admin, options);
    await using operator = new OurOperator(ours, 'cluster', { via: connectionWith(identity.token, connection) });
    await operator.untilSaid('leading');
    expect(operator.said('would not be noticed')).toBe(false);
    await using _former = new FormerOperator(its);
    expect(await operator.ended).toBeInstanceOf(LeadershipLost);
  }, 60_000);

  it('is one in its own namespace where it may not look further, and it says so', async () => {
    const [ours, its] = [await namespaceOf('rivals-near'), await namespaceOf('rivals-far')];
    const options = { namespace: ours, name: 'operator', rules: rivalRules([rival]), clusterWide: false };
    await using identity = await createIdentity(admin, options);
    await using _far = new FormerOperator(its);
    await using operator = new OurOperator(ours, 'near', { via: connectionWith(identity.token, connection) });
    await operator.untilSaid('leading');
    expect(operator.lines.filter(({ level }) => level === 'warn')).toEqual([
      expect.objectContaining({ lease: rival.lease, namespaces: [ours] }),
    ]);
    await using _near = new FormerOperator(ours);
    expect(String(await operator.ended)).toContain(`Lease ${ours}/${rival.lease}`);
  }, 60_000);
});

describe('a program with rivals', () => {
  const program = fileURLToPath(new URL('../operator/yielding-operator.fixture.ts', import.meta.url));
  const lease = 'yielding-operator-lock';
  const started: ChildProcess[] = [];

  afterEach(() => {
    for (const child of started.splice(0)) child.kill('SIGKILL');
  });

  function start(...flags: readonly string[]) {
    const nowhere = ['--metrics-bind-address=0', '--health-probe-bind-address=0'];
    const args = ['--disable-warning=ExperimentalWarning', program, '--kubeconfig', inject('kubeconfig')];
    const child = spawn(process.execPath, [...args, ...nowhere, ...flags], { stdio: ['ignore', 'pipe', 'inherit'] });
    started.push(child);
    let out = '';
    child.stdout.on('data', (chunk) => {
      out += String(chunk);
    });
    const lines = (): readonly Record<string, unknown>[] =>
      out.split('\n').flatMap((line) => (line.endsWith('}') ? [JSON.parse(line)] : []));
    const untilSaid = (text: string) =>
      eventually(() => expect(lines().map(({ msg }) => msg)).toContainEqual(expect.stringContaining(text)));
    return { exit: once(child, 'close'), lines, untilSaid, child };
  }

  it('ends with code 1 when one comes, and its last words name it', async () => {
    const namespace = await namespaceOf('rivals-program');
    const operator = start('--rival-namespaces', namespace);
    await operator.untilSaid('leading');
    await using _former = new FormerOperator(namespace, lease);
    expect(await operator.exit).toEqual([1, null]);
    expect(operator.lines().at(-1)).toMatchObject({
      level: 'fatal',
      msg: 'leadership is lost; the process ends, so that the next one starts clean',
      reason: expect.stringContaining(`the former operator (Lease ${namespace}/${lease}, held by "former-1")`),
    });
  }, 60_000);

  it('stands by while one is at work, and works all the same where it is told to', async () => {
    const namespace = await namespaceOf('rivals-ignored');
    await using _former = new FormerOperator(namespace, lease);
    const patient = start('--rival-namespaces', namespace);
    await patient.untilSaid('another operator is at work');
    const bold = start('--ignore-rivals', '--health-probe-bind-address=127.0.0.1:0');
    await bold.untilSaid('leading');
    expect(patient.lines().map(({ msg }) => msg)).not.toContain('leading');
    patient.child.kill('SIGTERM');
    expect(await patient.exit).toEqual([0, null]);
  }, 60_000);
});
