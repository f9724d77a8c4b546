import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigMap, Role, RoleBinding, Service } from '@capstan/kube';
import { AuditLog, writeVerbs } from '@capstan/testkit';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { capstan, cluster, type StreamBusWorld, streamBusWorld } from '../capstan.fixture.ts';

let world: StreamBusWorld;
let directory: string;
const kubeconfig = inject('kubeconfig');

beforeAll(async () => {
  world = await streamBusWorld(kubeconfig);
  directory = await mkdtemp(join(tmpdir(), 'capstan-plan-'));
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
  await rm(directory, { recursive: true, force: true });
});

async function fileWith(name: string, ...objects: readonly object[]): Promise<string> {
  const file = join(directory, `${name}.yaml`);
  await writeFile(file, objects.map((object) => stringify(object)).join('---\n'));
  return file;
}

const plan = (...args: readonly string[]) => capstan(['plan', '--kubeconfig', kubeconfig, ...args]);

/** Runs `look` and gives the requests in a namespace that could have changed something, but for dry runs. */
async function writesDuring(namespace: string, look: () => Promise<unknown>): Promise<readonly string[]> {
  const audit = new AuditLog(inject('auditLog'));
  const position = audit.position();
  await look();
  return audit
    .since(position, { namespace, verbs: writeVerbs, except: ['pods'] })
    .filter(({ user, uri }) => !user.startsWith('system:') && !uri.includes('dryRun=All'))
    .map(({ verb, uri }) => `${verb} ${uri}`);
}

/** A cluster that the operator has brought up, and that nobody looks after now. */
async function settled(name: string): Promise<string> {
  const namespace = await world.namespace(name);
  await using _ = await world.operate(namespace);
  await world.readyCluster(namespace);
  return namespace;
}

describe('capstan plan of files', () => {
  test('shows everything that a new cluster would have, and creates nothing', async () => {
    const namespace = await world.namespace('plan-new');
    const file = await fileWith('new', cluster(namespace));
    let outcome: Awaited<ReturnType<typeof plan>> | undefined;
    const writes = await writesDuring(namespace, async () => {
      outcome = await plan('-f', file);
    });
    expect(outcome).toMatchObject({ code: 2, stderr: '' });
    expect(outcome?.stdout).toContain(`StreamBusCluster ${namespace}/orders (${file}): new`);
    expect(outcome?.stdout).toContain('  + StatefulSet/orders\n    + apiVersion: apps/v1');
    expect(outcome?.stdout).toMatch(/\n5 to create\n$/);
    expect(writes).toEqual([]);
  });

  test('shows what an edit changes and which pods restart, the same from standard input', async () => {
    const namespace = await settled('plan-edit');
    const edited = cluster(namespace, { image: { tag: 'v2' } });
    const outcome = await plan('-f', await fileWith('edit', edited));
    expect(outcome).toMatchObject({ code: 2, stderr: '' });
    expect(outcome.stdout).toContain('spec.image.tag changes');
    expect(outcome.stdout).toContain('3 pods restart: one at a time, the raft leader last');
    expect(outcome.stdout).toMatch(/\n {4}- +image: streambus\/broker:latest\n {4}\+ +image: streambus\/broker:v2\n/);
    expect(outcome.stdout).toMatch(/\n1 to change; 3 pods restart\n$/);
    const piped = await capstan(['plan', '--kubeconfig', kubeconfig, '-f', '-'], stringify(edited));
    expect(piped.stdout).toBe(outcome.stdout.replaceAll(/\(.*edit\.yaml\)/g, '(standard input)'));
  });

  test('refuses by field what admission would refuse', async () => {
    const namespace = await settled('plan-refused');
    const outcome = await plan('-f', await fileWith('refused', cluster(namespace, { replicas: 5 })));
    expect(outcome.code).toBe(1);
    expect(outcome.stdout).toMatch(
      /would be refused:\n {2}spec\.replicas: cannot be changed once the cluster has started/,
    );
    expect(outcome.stdout).toMatch(/\n1 refused\n$/);
  });

  test('names fields that do not exist', async () => {
    const { spec, ...rest } = cluster('default');
    const outcome = await plan('-f', await fileWith('typo', { ...rest, spec: { ...spec, replica: 3 } }));
    expect([outcome.code, outcome.stdout]).toEqual([
      1,
      expect.stringContaining('spec.replica: there is no such field'),
    ]);
  });

  test('passes over kinds that no operator here knows, unless there is nothing else', async () => {
    const map: ConfigMap = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' } };
    const both = await plan('--brief', '-f', await fileWith('both', map, cluster(await world.namespace('plan-kinds'))));
    expect([both.code, both.stdout]).toEqual([2, expect.stringContaining('no operator here knows this kind')]);
    const none = await plan('-f', await fileWith('none', map));
    expect([none.code, none.stderr]).toEqual([1, expect.stringContaining('known: StreamBusCluster')]);
  });

  test('needs no cluster when it is offline', async () => {
    const file = await fileWith('offline', cluster('anywhere'));
    const outcome = await capstan(['plan', '--offline', '--kubeconfig', '/nowhere', '-o', 'json', '-f', file]);
    expect(outcome).toMatchObject({ code: 2, stderr: '' });
    expect(JSON.parse(outcome.stdout).summary).toMatchObject({ create: 5, refused: 0 });
  });

  test('takes the controllers of a module', async () => {
    const module = new URL('../../../packages/runtime/src/preview/shelf.fixture.ts', import.meta.url).pathname;
    const shelf = {
      ...{ apiVersion: 'preview.capstan.dev/v1', kind: 'Shelf', metadata: { name: 'a' } },
      spec: { image: 'x', replicas: 1, password: 'hunter2', notes: [] },
    };
    const outcome = await capstan(['plan', '--offline', '--operator', module, '-f', '-'], stringify(shelf));
    expect(outcome).toMatchObject({ code: 2, stderr: '' });
    expect(outcome.stdout).toMatch(/password: hash:[0-9a-f]{8} \(7 bytes\)/);
    expect(outcome.stdout).not.toContain('hunter2');
  });
});

describe('capstan plan of what is live', () => {
  test('finds nothing to do in a settled cluster', async () => {
    const namespace = await settled('plan-live');
    const outcomes: unknown[] = [];
    const writes = await writesDuring(namespace, async () => {
      outcomes.push(await plan('-n', namespace), await plan('sbc/orders', '-n', namespace));
    });
    const nothing = {
      code: 0,
      stderr: '',
      stdout: expect.stringMatching(/= 5 children as wanted[\s\S]*\nnothing to do\n$/),
    };
    expect(outcomes).toEqual([nothing, nothing]);
    expect(writes).toEqual([]);
  });

  test('shows a drifted and a deleted child, and who changed it', async () => {
    const namespace = await settled('plan-drift');
    const drift = { kind: 'merge', body: { spec: { selector: { 'app.kubernetes.io/name': 'another' } } } } as const;
    await world.client.patch(Service, { namespace, name: 'orders-headless' }, drift, { fieldManager: 'vandal' });
    await world.client.delete(ConfigMap, { namespace, name: 'orders-config' });
    const outcome = await plan('sbc/orders', '-n', namespace);
    expect(outcome.code).toBe(2);
    expect(outcome.stdout).toContain('~ Service/orders-headless  repair: .spec.selector (vandal)');
    expect(outcome.stdout).toContain('+ ConfigMap/orders-config');
    expect(outcome.stdout).toMatch(/\n1 to create, 1 to change\n$/);
  });

  test('reads each kind of a namespace once for all of its resources', async () => {
    const namespace = await settled('plan-many');
    const { metadata, ...rest } = cluster(namespace);
    const second = await fileWith('second', cluster(namespace), {
      ...rest,
      metadata: { ...metadata, name: 'payments' },
    });
    const audit = new AuditLog(inject('auditLog'));
    const position = audit.position();
    expect((await plan('--brief', '-f', second)).stdout).toMatch(/\n5 to create\n$/);
    const lists = audit
      .since(position, { namespace, verbs: ['list'] })
      .filter(({ user }) => !user.startsWith('system:'));
    expect(lists.map(({ resource }) => resource).toSorted()).toEqual([
      'configmaps',
      'networkpolicies',
      // Of the new one alone: whether a former cluster of its name has left volumes.
      'persistentvolumeclaims',
      'poddisruptionbudgets',
      'pods',
      'resourcequotas',
      'services',
      'statefulsets',
    ]);
  });

  test('names another version than the one that the operator works with', async () => {
    const file = await fileWith('version', { ...cluster('default'), apiVersion: 'streambus.io/v1' });
    const outcome = await plan('-f', file);
    expect([outcome.code, outcome.stdout]).toEqual([
      1,
      expect.stringContaining('apiVersion: must be streambus.io/v1alpha1'),
    ]);
  });

  test('says when there is nothing to plan', async () => {
    const namespace = await world.namespace('plan-empty');
    const outcome = await plan('-n', namespace);
    expect(outcome).toMatchObject({
      code: 1,
      stderr: `capstan: there is no StreamBusCluster, DruidIngestion, PrismCluster, PrismFederation, PrismNamespace or PrismPattern in namespace ${namespace}\n`,
    });
  });

  test('names the kinds it knows where one is unknown, and says when there is no such object', async () => {
    expect(await plan('pod/x')).toMatchObject({ code: 1, stderr: expect.stringContaining('known: StreamBusCluster') });
    const missing = await plan('sbc/nobody', '-n', 'default');
    expect(missing).toMatchObject({ code: 1, stderr: expect.stringContaining('there is no StreamBusCluster nobody') });
  });
});

describe('capstan plan by somebody who may only look', () => {
  test('compares instead of asking for dry runs, and says so', async () => {
    const namespace = await settled('plan-viewer');
    const viewer = await viewerOf(namespace);
    const edited = await fileWith('viewer', cluster(namespace, { image: { tag: 'v2' } }));
    const outcome = await capstan(['plan', '--kubeconfig', viewer, '-f', edited]);
    expect(outcome).toMatchObject({ code: 2, stderr: '' });
    expect(outcome.stdout).toContain('note: you may not write streambusclusters, which a dry run needs');
    expect(outcome.stdout).toContain(`note: you may not patch statefulsets in namespace ${namespace}`);
    expect(outcome.stdout).toMatch(/\n {4}- +image: streambus\/broker:latest\n {4}\+ +image: streambus\/broker:v2\n/);
    expect(outcome.stdout).toMatch(/\n1 to change; 3 pods restart\n$/);
    expect(await capstan(['plan', '--kubeconfig', viewer, '-n', namespace])).toMatchObject({ code: 0, stderr: '' });
  });

  /** A kubeconfig of somebody who may look at what a cluster is made of in one namespace. */
  async function viewerOf(namespace: string): Promise<string> {
    const user = `viewer-of-${namespace}`;
    const head = { apiVersion: 'rbac.authorization.k8s.io/v1', metadata: { namespace, name: user } } as const;
    const rules = [
      { apiGroups: ['streambus.io'], resources: ['streambusclusters'], verbs: ['get', 'list'] },
      { apiGroups: ['', 'apps', 'policy'], resources: ['*'], verbs: ['get', 'list'] },
    ];
    await world.client.apply(Role, { ...head, kind: 'Role', rules }, { fieldManager: 'test', force: true });
    const binding: RoleBinding = {
      ...{ ...head, kind: 'RoleBinding' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: user },
      subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: user }],
    };
    await world.client.apply(RoleBinding, binding, { fieldManager: 'test', force: true });
    const admin = parse(await readFile(kubeconfig, 'utf8'));
    for (const entry of admin.users) Object.assign(entry.user, { as: user, 'as-groups': ['system:authenticated'] });
    const file = join(directory, `${user}.kubeconfig`);
    await writeFile(file, stringify(admin));
    return file;
  }
});
