import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { Lease, Service } from '@capstan/kube';
import { type ListeningRunnable, type ManagerContext, metricsServer } from '@capstan/runtime';
import { eventually } from '@capstan/testkit';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { type CommandOutcome, capstan, type StreamBusWorld, streamBusWorld } from '../capstan.fixture.ts';

let world: StreamBusWorld;
let namespace: string;
let operator: AsyncDisposable;
let url: string;

beforeAll(async () => {
  world = await streamBusWorld(inject('kubeconfig'));
  namespace = await world.namespace('explain');
  let server: ListeningRunnable | undefined;
  const beside = (context: ManagerContext) => {
    server = metricsServer({ bindAddress: '127.0.0.1:0' })(context);
    return server;
  };
  operator = await world.operate(namespace, [beside]);
  url = server?.url ?? '';
  await world.readyCluster(namespace);
});
afterAll(async () => {
  await operator?.[Symbol.asyncDispose]();
  await world?.[Symbol.asyncDispose]();
});

function explain(...args: readonly string[]): Promise<CommandOutcome> {
  return capstan(['explain', '--kubeconfig', inject('kubeconfig'), ...args]);
}

/** The Lease of an operator as its leader writes it. */
async function leaseAt(place: string, debugUrl: string): Promise<void> {
  const lease: Lease = {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { namespace: place, name: 'streambus-operator', annotations: { 'capstan.dev/debug-url': debugUrl } },
    spec: { holderIdentity: 'streambus-operator-7d4_1f2e' },
  };
  await world.client.apply(Lease, lease, { fieldManager: 'test', force: true });
}

describe('capstan explain', () => {
  test('shows why each of the last passes ran and what it did', async () => {
    await leaseAt(namespace, url);
    const { code, stdout, stderr } = await explain('sbc/orders', '-n', namespace, '--operator-namespace', namespace);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const [title, , header, first] = stdout.split('\n');
    expect(title).toMatch(
      new RegExp(`^StreamBusCluster\\.streambus\\.io ${namespace}/orders: the last .* of streambus-operator.*$`),
    );
    expect(header).toMatch(/^STARTED +TOOK +READS +WRITES +SKIPPED +STATUS +RESULT +WHY$/);
    expect(first).toMatch(/ +6 +0 +written +Done.* +resource appeared$/);
  });

  test('shows a pass in full, and all of them as JSON', async () => {
    const args = ['streambuscluster/orders', '-n', namespace, '--url', url];
    const { stdout } = await explain(...args, '-v');
    expect(stdout).toContain('\n  child     StatefulSet/orders Created\n');
    expect(stdout).toMatch(
      /\n {2}request {3}PATCH \/apis\/apps\/v1\/namespaces\/explain\/statefulsets\/orders -> 201, \d+ ms\n/,
    );
    const { object, passes } = JSON.parse((await explain(...args, '-o', 'json')).stdout);
    expect([object.name, passes[0].result]).toEqual(['orders', 'Done']);
  });

  test('names the nearest object where one is unknown', async () => {
    const { code, stderr } = await explain('sbc/ordres', '-n', namespace, '--url', url);
    expect(code).toBe(1);
    expect(stderr).toBe(
      `capstan: no pass of StreamBusCluster.streambus.io ordres in namespace ${namespace} is remembered; /debug/reconciles lists what is; did you mean ${namespace}/orders?\n`,
    );
  });

  test('says what to do when the operator cannot be reached', async () => {
    const place = await world.namespace('explain-unreachable');
    await leaseAt(place, 'http://127.0.0.1:9');
    const { code, stderr } = await explain('sbc/orders', '-n', namespace, '--operator-namespace', place);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^capstan: the operator at http:\/\/127\.0\.0\.1:9 cannot be reached \(.+\): kubectl port-forward -n /,
    );
    expect(stderr).toContain('pod/streambus-operator-7d4 9, then --url http://127.0.0.1:9\n');
  });

  test('says what an operator needs to be found', async () => {
    const place = await world.namespace('explain-nowhere');
    const { code, stderr } = await explain('sbc/orders', '--operator-namespace', place);
    expect([code, stderr]).toEqual([1, expect.stringContaining('no Lease has the annotation capstan.dev/debug-url')]);
  });

  test('shows a drift that was put right', async () => {
    const ref = { namespace, name: 'orders' };
    await world.client.delete(Service, ref);
    await eventually(async () => expect(await world.client.get(Service, ref)).toBeDefined());
    await eventually(async () => {
      const { stdout } = await explain('sbc/orders', '-n', namespace, '--url', url, '-v');
      expect(stdout).toContain('  why       Service/orders deleted (child)\n');
      expect(stdout).toContain('  child     Service/orders Repaired: it had been deleted\n');
    });
  });
});

describe('capstan explain of an operator that asks who you are', () => {
  const account = 'reader';
  let secured: AsyncDisposable;
  let place: string;
  let address: string;

  beforeAll(async () => {
    place = await world.namespace('explain-secured');
    let server: ListeningRunnable | undefined;
    const beside = (context: ManagerContext) => {
      const options = { bindAddress: '127.0.0.1:0', authentication: 'token-review', tls: 'self-made' } as const;
      server = metricsServer(options)(context);
      return server;
    };
    secured = await world.operate(place, [beside]);
    address = server?.url ?? '';
    await world.readyCluster(place);
  });
  afterAll(() => secured?.[Symbol.asyncDispose]());

  /** A file with a token of an account that may read what is under /debug. */
  async function tokenFile(): Promise<string> {
    const kubectl = async (...args: readonly string[]) =>
      (await promisify(execFile)(inject('kubectl'), ['--kubeconfig', inject('kubeconfig'), '-n', place, ...args]))
        .stdout;
    await kubectl('create', 'serviceaccount', account);
    await kubectl('create', 'clusterrole', 'explain-reader', '--verb=get', '--non-resource-url=/debug/*');
    const binding = ['--clusterrole=explain-reader', `--serviceaccount=${place}:${account}`];
    await kubectl('create', 'clusterrolebinding', 'explain-reader', ...binding);
    const file = join(await mkdtemp(join(tmpdir(), 'capstan-explain-')), 'token');
    await writeFile(file, await kubectl('create', 'token', account));
    return file;
  }

  test('wants its certificate to be trusted, then a token, and tells the passes to who may see them', async () => {
    const args = ['sbc/orders', '-n', place, '--url', address];
    const untrusted = await explain(...args);
    expect(untrusted).toMatchObject({ code: 1, stdout: '' });
    expect(untrusted.stderr).toMatch(
      /is not trusted \(.+\): --certificate-authority <file>, or --insecure-skip-tls-verify\n$/,
    );
    const anonymous = await explain(...args, '--insecure-skip-tls-verify');
    expect(anonymous).toMatchObject({ code: 1, stderr: expect.stringContaining('--token-file <file>') });
    const file = await tokenFile();
    const anywhere = await explain('sbc/orders', '-n', place, '--token-file', file);
    expect(anywhere).toMatchObject({ code: 1, stderr: expect.stringContaining('name --operator-namespace <name>') });
    const known = await explain(...args, '--insecure-skip-tls-verify', '--token-file', file);
    await rm(dirname(file), { recursive: true });
    expect(known).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining('resource appeared') });
  });
});
