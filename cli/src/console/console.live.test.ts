import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  CustomResourceDefinition,
  Lease,
  type OwnerReference,
  Pod,
  type PolicyRule,
  Secret,
  ServiceAccount,
} from '@capstan/kube';
import { type ListeningRunnable, type ManagerContext, metricsServer } from '@capstan/runtime';
import { StreamBusCluster } from '@capstan/streambus-operator';
import { AuditLog, createIdentity, eventually, untilServed, writeVerbs } from '@capstan/testkit';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { type StreamBusWorld, streamBusWorld } from '../capstan.fixture.ts';
import type { Detail, PlanView, Session } from './api.ts';
import { type RunningConsole, startConsole } from './console.ts';
import { ConsoleClient } from './console-client.fixture.ts';
import { Gadget } from './gadgets.fixture.ts';

const kubeconfig = inject('kubeconfig');
const canary = 'canary-7f3a9c';
let world: StreamBusWorld;
let namespace: string;
let operator: AsyncDisposable;
let running: RunningConsole;
let client: ConsoleClient;

beforeAll(async () => {
  world = await streamBusWorld(kubeconfig);
  namespace = await world.namespace('console');
  let server: ListeningRunnable | undefined;
  const beside = (context: ManagerContext) => {
    server = metricsServer({ bindAddress: '127.0.0.1:0' })(context);
    return server;
  };
  operator = await world.operate(namespace, [beside]);
  const lease: Lease = {
    ...{ apiVersion: 'coordination.k8s.io/v1', kind: 'Lease' },
    metadata: { namespace, name: 'streambus-operator', annotations: { 'capstan.dev/debug-url': server?.url ?? '' } },
    spec: { holderIdentity: 'streambus-operator-7d4_1f2e' },
  };
  await world.client.apply(Lease, lease, { fieldManager: 'test', force: true });
  await world.readyCluster(namespace);
  running = await startConsole({ port: '0', bind: '127.0.0.1', kubeconfig, namespace });
  client = new ConsoleClient(running.url);
}, 90_000);
afterAll(async () => {
  await running?.[Symbol.asyncDispose]();
  await operator?.[Symbol.asyncDispose]();
  await world?.[Symbol.asyncDispose]();
});

const clusterPath = () => `/api/objects/streambus.io/streambusclusters/${namespace}/orders`;

async function detail(path: string): Promise<Detail> {
  const { status, body } = await client.get(path);
  expect({ status, body }).toMatchObject({ status: 200 });
  return body as Detail; // with 200, by the contract
}

async function ownedByOrders(): Promise<OwnerReference> {
  const { uid = '' } = (await world.client.get(StreamBusCluster, { namespace, name: 'orders' }))?.metadata ?? {};
  return { apiVersion: 'streambus.io/v1alpha1', kind: 'StreamBusCluster', name: 'orders', uid, controller: true };
}

describe('a console for the one who started it', () => {
  test('says who asks, and of which cluster', async () => {
    const session = (await client.get('/api/session')).body as Session;
    expect(session).toMatchObject({ mode: 'kubeconfig', cluster: expect.stringContaining('https://') });
    expect(session.user).not.toBe('unknown');
    expect(session.kubernetesVersion).toMatch(/^v1\./);
    expect(session.version).toMatch(/^\d+\.\d+\.\d+$/);
  });

  test('shows a resource with its children, their pods and the claims of these', async () => {
    await using stream = await client.stream();
    const cluster = await eventually(() => stream.node('StreamBusCluster', 'orders'));
    expect(cluster).toMatchObject({ health: 'healthy', told: 'Ready: All 3 brokers accept clients.' });
    const [set, ...others] = cluster.children;
    expect(set).toMatchObject({ ref: { kind: 'StatefulSet', name: 'orders' }, health: 'healthy', told: '3/3 ready' });
    expect(others.map(({ ref }) => `${ref.kind}/${ref.name}`)).toEqual(
      expect.arrayContaining(['ConfigMap/orders-config', 'PodDisruptionBudget/orders', 'Service/orders-headless']),
    );
    expect(set?.children.map(({ ref, health }) => `${ref.kind}/${ref.name} ${health}`)).toEqual([
      'Pod/orders-0 healthy',
      'Pod/orders-1 healthy',
      'Pod/orders-2 healthy',
    ]);
    const claims = set?.children[0]?.children.map(({ ref, told }) => `${ref.kind}/${ref.name} ${told.split(',')[0]}`);
    expect(claims).toEqual([
      'PersistentVolumeClaim/data-orders-0 Bound',
      'PersistentVolumeClaim/raft-data-orders-0 Bound',
    ]);
  });

  test('tells of everything else that it is hidden only where it is', async () => {
    await using stream = await client.stream();
    await eventually(() => stream.latest);
    expect(stream.latest.hidden.map(({ kind }) => kind)).not.toContain('StreamBusCluster.streambus.io');
    const absent = stream.latest.hidden.find(({ kind }) => kind === 'ServiceMonitor.monitoring.coreos.com');
    expect(absent?.why).toBe('it is not installed in this cluster in version v1');
  });

  test('streams what becomes of a pod, up to the workload that waits for it', async () => {
    await using stream = await client.stream();
    await eventually(() => expect(stream.node('Pod', 'orders-1').health).toBe('healthy'));
    const behave = (behaviour: string) =>
      world.client.patch(
        Pod,
        { namespace, name: 'orders-1' },
        { kind: 'merge', body: { metadata: { annotations: { 'capstan.dev/pod': behaviour } } } },
        { fieldManager: 'test' },
      );
    await behave('crash-loop');
    await eventually(() => expect(stream.node('Pod', 'orders-1').health).toBe('failing'), { timeout: 30_000 });
    expect(stream.node('Pod', 'orders-1').told).toMatch(/^CrashLoopBackOff: /);
    await eventually(() =>
      expect(stream.node('StatefulSet', 'orders')).toMatchObject({ health: 'failing', told: '2/3 ready' }),
    );
    await behave('ready');
    await eventually(() => expect(stream.node('StatefulSet', 'orders').health).toBe('healthy'), { timeout: 30_000 });
    await eventually(() => expect(stream.node('StreamBusCluster', 'orders').health).toBe('healthy'), {
      timeout: 30_000,
    });
  });

  test('says all there is of a resource, and how it is applied again', async () => {
    const found = await detail(clusterPath());
    expect(found.conditions).toContainEqual(
      expect.objectContaining({ type: 'Ready', status: 'True', isCurrent: true }),
    );
    expect(found.events.length).toBeGreaterThan(0);
    expect(found.yaml).toContain('status:\n');
    expect(found.yaml).not.toContain('managedFields');
    expect(found.editable).toMatch(
      /^apiVersion: streambus\.io\/v1alpha1\nkind: StreamBusCluster\nmetadata:\n {2}name: orders\n/,
    );
    expect(found.editable).not.toMatch(/status:|uid:|resourceVersion:|managedFields:/);
  });

  test('tells of the last passes of its operator', async () => {
    const found = await eventually(async () => {
      const { passes, passesUnavailable } = await detail(clusterPath());
      expect(passesUnavailable).toBeUndefined();
      return passes;
    });
    const [latest, ...earlier] = found;
    expect(latest?.children).toContainEqual({ child: 'StatefulSet/orders', action: 'Unchanged' });
    expect(earlier.at(-1)?.triggers.length).toBeGreaterThan(0);
    expect(Date.parse(latest?.at ?? '')).toBeGreaterThanOrEqual(Date.parse(earlier.at(-1)?.at ?? ''));
  });

  test('plans an edit, and neither writes nor says more than capstan plan', async () => {
    const { editable = '' } = await detail(clusterPath());
    const audit = new AuditLog(inject('auditLog'));
    const start = audit.position();
    const { status, body } = await client.plan(editable.replace('tag: latest', 'tag: v2'));
    const writes = audit
      .since(start, { namespace, verbs: writeVerbs, except: ['pods'] })
      .filter(({ user, uri }) => !user.startsWith('system:') && !uri.includes('dryRun=All'));
    expect(writes.map(({ verb, uri }) => `${verb} ${uri}`)).toEqual([]);
    expect(status).toBe(200);
    const plan = body as PlanView;
    expect(plan).toMatchObject({ problems: [], summary: '1 to change; 3 pods restart' });
    expect(plan.changes).toMatchObject([
      { object: `StreamBusCluster ${namespace}/orders`, action: 'change', why: 'spec.image.tag', diff: [] },
      { object: `StatefulSet ${namespace}/orders`, action: 'change', why: expect.stringMatching(/^3 pods restart: /) },
    ]);
    const diff = plan.changes[1]?.diff ?? [];
    expect(diff[0]).toMatch(/^@@ -\d+,\d+ \+\d+,\d+ @@$/);
    expect(diff).toContainEqual(expect.stringMatching(/^\+ +image: streambus\/broker:v2$/));
  });

  test.each([
    ['no YAML', 'a: [1', /line 1/],
    ['no object', 'a: 1', /apiVersion is missing/],
    [
      'of a kind that nobody here knows',
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}',
      /no operator here knows any kind/,
    ],
    [
      'of another namespace',
      'apiVersion: streambus.io/v1alpha1\nkind: StreamBusCluster\nmetadata: {name: a, namespace: b}',
      /says namespace b/,
    ],
    ['nested without end', '['.repeat(1_000_000), /takes too long|nested too deeply|no YAML/],
    ['empty', '# nothing', /the manifest is empty/],
  ])('refuses a manifest that is %s with a sentence', async (_what, manifest, sentence) => {
    expect(await client.plan(manifest)).toMatchObject({
      status: 400,
      body: { message: expect.stringMatching(sentence) },
    });
  });

  test('tells what a resource would be refused for', async () => {
    const { editable = '' } = await detail(clusterPath());
    const { body } = await client.plan(editable.replace('replicas: 3', 'replicas: 4'));
    expect(body).toMatchObject({ problems: [expect.stringContaining('replicas')], summary: '1 refused' });
  });

  test('answers nobody without the key, and takes nothing but manifests', async () => {
    const stranger = new ConsoleClient(new URL('/', running.url).href);
    expect(await stranger.get('/api/session')).toMatchObject({ status: 401, body: { login: 'key' } });
    expect((await new ConsoleClient(running.url, 'x'.repeat(32)).get('/api/session')).status).toBe(401);
    expect((await client.plan('{}', 'text/plain')).status).toBe(415);
    expect((await client.plan(' '.repeat(1_048_577))).status).toBe(413);
    expect((await client.get('/api/objects/core/secrets/kube-system/nothing')).status).toBe(404);
    expect((await client.get('/../../../etc/passwd')).status).toBe(404);
    expect((await client.get('/%2e%2e/server.ts')).status).toBe(404);
  });

  test('has no secret in anything that it says', async () => {
    const metadata = {
      ...{ namespace, name: 'orders-canary', ownerReferences: [await ownedByOrders()] },
      annotations: { 'example.com/password': canary },
    };
    await world.client.apply(
      Secret,
      { apiVersion: 'v1', kind: 'Secret', metadata, stringData: { password: canary } },
      { fieldManager: 'test', force: true },
    );
    await using stream = await client.stream();
    await eventually(() => stream.node('Secret', 'orders-canary'));
    const secret = await detail(`/api/objects/core/secrets/${namespace}/orders-canary`);
    expect(secret.yaml).toContain('password: hash:');
    const said = [stream.text, JSON.stringify(secret), JSON.stringify(await detail(clusterPath()))].join('\n');
    expect(said).not.toContain(canary);
    expect(said).not.toContain(Buffer.from(canary).toString('base64'));
  });
});

test('a kind that is installed later appears, and hides again when it is gone', async () => {
  const operator = [fileURLToPath(new URL('./gadgets.fixture.ts', import.meta.url))];
  await using console = await startConsole({ port: '0', bind: '127.0.0.1', kubeconfig, namespace, operator });
  await using stream = await new ConsoleClient(console.url).stream();
  const hidden = () => stream.latest.hidden.find(({ kind }) => kind === 'Gadget.console.capstan.dev')?.why;
  await eventually(() => expect(hidden()).toBe('it is not installed in this cluster in version v1'));
  await world.client.apply(CustomResourceDefinition, Gadget.manifest(), { fieldManager: 'test', force: true });
  const gadget = {
    apiVersion: 'console.capstan.dev/v1',
    kind: 'Gadget',
    metadata: { namespace, name: 'a' },
    spec: { size: 1 },
  };
  await untilServed(world.client, Gadget, gadget, AbortSignal.timeout(30_000));
  await world.client.create(Gadget, gadget);
  const shown = await eventually(() => stream.node('Gadget', 'a'), { timeout: 30_000 });
  expect(shown).toMatchObject({ health: 'unknown', told: 'No operator has looked at it yet' });
  expect(hidden()).toBeUndefined();
  await world.client.delete(CustomResourceDefinition, { name: 'gadgets.console.capstan.dev' });
  await eventually(() => expect(hidden()).toBe('it is not installed in this cluster in version v1'), {
    timeout: 60_000,
  });
  expect(stream.latest.resources.map(({ ref }) => ref.kind)).not.toContain('Gadget');
}, 120_000);

test('the command prints its address, says nothing of keys and tokens later, and ends on Ctrl-C', async () => {
  const program = fileURLToPath(new URL('./console-program.fixture.ts', import.meta.url));
  const child = spawn(process.execPath, [program, '--port', '0', '--kubeconfig', kubeconfig, '-n', namespace]);
  let said = '';
  const hear = (part: Buffer) => {
    said += part.toString();
  };
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  const ended = once(child, 'exit');
  const url = await eventually(() => {
    const found = /^the console is at (http:\/\/127\.0\.0\.1:\d+\/#key=\S+)$/m.exec(said)?.[1];
    if (found === undefined) throw new Error(`no address: ${said}`);
    return found;
  });
  const announced = said;
  const page = new ConsoleClient(url);
  await using stream = await page.stream();
  await eventually(() => stream.node('StreamBusCluster', 'orders'));
  await new ConsoleClient(url, canary).get('/api/session');
  child.kill('SIGINT');
  expect((await ended)[0]).toBe(0);
  await stream.ended;
  expect(said).toBe(announced);
});

test.each([
  [{ bind: '0.0.0.0' }, /Only 127\.0\.0\.1 and ::1 are taken; --token-mode/],
  [{ port: 'http' }, /--port http: a whole number/],
  [{ operator: ['./nowhere.ts'] }, /--operator \.\/nowhere\.ts cannot be loaded/],
])('it does not start with %j', async (options, sentence) => {
  await expect(startConsole({ port: '0', bind: '127.0.0.1', kubeconfig, ...options })).rejects.toThrow(sentence);
});

test('it says that a port is taken', async () => {
  const { port } = new URL(running.url);
  await expect(startConsole({ port, bind: '127.0.0.1', kubeconfig })).rejects.toThrow(`port ${port} is taken`);
});

/** A kubeconfig of the same cluster for somebody with this token. */
async function kubeconfigWith(token: string): Promise<AsyncDisposable & { readonly path: string }> {
  const directory = await mkdtemp(join(tmpdir(), 'capstan-console-'));
  const path = join(directory, 'kubeconfig.yaml');
  const config: { readonly users: readonly object[] } = parse(await readFile(kubeconfig, 'utf8'));
  const users = config.users.map((entry) => ({ ...entry, user: { token } }));
  await writeFile(path, stringify({ ...config, users }), { mode: 0o600 });
  return { path, [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }) };
}

const read = (apiGroups: readonly string[], resources: readonly string[]): PolicyRule => ({
  ...{ apiGroups: [...apiGroups], resources: [...resources], verbs: ['get', 'list', 'watch'] },
});

describe('a console that many use', () => {
  test('shows each what they may see, says what is hidden, and lets nobody in without a token', async () => {
    const rules = [
      read(['streambus.io'], ['streambusclusters']),
      read(['apps'], ['statefulsets']),
      read([''], ['pods']),
    ];
    await using viewer = await createIdentity(world.client, { namespace, name: 'viewer', rules, clusterWide: false });
    await using shared = await startConsole({ port: '0', bind: '127.0.0.1', kubeconfig, tokenMode: true });
    expect(shared.url).not.toContain('#');
    const page = new ConsoleClient(shared.url, viewer.token);
    expect(await new ConsoleClient(shared.url).get('/api/session')).toMatchObject({
      status: 401,
      body: { login: 'token' },
    });
    expect(await new ConsoleClient(shared.url, 'nonsense').get('/api/session')).toMatchObject({
      status: 401,
      body: { login: 'token' },
    });
    expect((await page.get('/api/session')).body).toMatchObject({ user: viewer.user, mode: 'token' });
    await using everywhere = await page.stream();
    await eventually(() => expect(everywhere.latest.resources).toEqual([]));
    await using stream = await page.stream(`?namespace=${namespace}`);
    const cluster = await eventually(() => stream.node('StreamBusCluster', 'orders'));
    expect(cluster.children.map(({ ref }) => ref.kind)).toEqual(['StatefulSet']);
    expect(stream.latest.hidden).toContainEqual({
      kind: 'Secret',
      why: 'you may not see it: ask for list and watch of secrets',
    });
    const { body } = await page.get(`${clusterPath()}?namespace=${namespace}`);
    expect(body).toMatchObject({ passes: [], passesUnavailable: expect.stringContaining('capstan explain') });
    const secret = await page.get(`/api/objects/core/secrets/${namespace}/orders-canary?namespace=${namespace}`);
    expect(secret).toMatchObject({
      status: 403,
      body: { message: expect.stringContaining('cannot get resource "secrets"') },
    });
  });

  test('asks everything of the API server as the visitor, and nothing as itself', async () => {
    const nobody = { namespace, rules: [], clusterWide: false };
    await using viewer = await createIdentity(world.client, { ...nobody, name: 'onlooker' });
    await using starter = await createIdentity(world.client, { ...nobody, name: 'starter' });
    await using file = await kubeconfigWith(starter.token);
    await using shared = await startConsole({ port: '0', bind: '127.0.0.1', kubeconfig: file.path, tokenMode: true });
    const audit = new AuditLog(inject('auditLog'));
    const start = audit.position();
    await using stream = await new ConsoleClient(shared.url, viewer.token).stream(`?namespace=${namespace}`);
    await eventually(() => expect(stream.latest.hidden.length).toBeGreaterThan(10));
    expect(audit.since(start, { user: viewer.user }).length).toBeGreaterThan(10);
    expect(audit.since(start, { user: starter.user })).toEqual([]);
  });

  test('lets go of a visitor whose token is taken back, and asks again', async () => {
    const rules = [read(['streambus.io'], ['streambusclusters'])];
    await using viewer = await createIdentity(world.client, { namespace, name: 'leaver', rules, clusterWide: false });
    await using shared = await startConsole({ port: '0', bind: '127.0.0.1', kubeconfig, tokenMode: true, namespace });
    const page = new ConsoleClient(shared.url, viewer.token);
    await using stream = await page.stream();
    await eventually(() => stream.node('StreamBusCluster', 'orders'));
    await world.client.delete(ServiceAccount, { namespace, name: 'leaver' });
    const answer = await eventually(
      async () => {
        const found = await page.get(clusterPath());
        expect(found.status).toBe(401);
        return found;
      },
      { timeout: 60_000, interval: 500 },
    );
    expect(answer.body).toMatchObject({ login: 'token' });
    await stream.ended;
    expect((await page.stream()).status).toBe(401);
  }, 90_000);
});

test('with credentials that the API server does not take, it says what to renew', async () => {
  await using file = await kubeconfigWith('nonsense');
  const starting = startConsole({ port: '0', bind: '127.0.0.1', kubeconfig: file.path });
  await expect(starting).rejects.toThrow('renew the credentials of your kubeconfig');
});
