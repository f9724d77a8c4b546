import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ControlPlane, startControlPlane } from '@capstan/controlplane';
import {
  ClusterRole,
  ClusterRoleBinding,
  CustomResourceDefinition,
  createClient,
  Deployment,
  type Draft,
  type KubeClient,
  type KubeObject,
  Lease,
  loadKubeConfig,
  Namespace,
  type ResourceType,
  StatefulSet,
  StorageClass,
  ValidatingWebhookConfiguration,
} from '@capstan/kube';
import { StreamBusCluster } from '@capstan/streambus-operator';
import { applyManifests, eventually, pickPort, readManifests } from '@capstan/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CommandOutcome, capstan } from '../capstan.fixture.ts';
import type { Finding } from './finding.ts';
import { originalStreamBusDefinition } from './original-definition.fixture.ts';

// Default classes, webhooks and definitions are of the whole cluster, which others would not like to share.
let plane: ControlPlane;
let client: KubeClient;

beforeAll(async () => {
  plane = await startControlPlane({ nodes: 'kwok' });
  client = createClient(await loadKubeConfig({ path: plane.kubeconfig }));
});
afterAll(async () => {
  await client?.close();
  await plane?.stop();
});

function make<T extends KubeObject>(type: ResourceType<T>, object: Draft<T>): Promise<T> {
  return client.apply(type, object, { fieldManager: 'test', force: true });
}

function doctor(...args: readonly string[]): Promise<CommandOutcome> {
  return capstan(['doctor', '--kubeconfig', plane.kubeconfig, ...args]);
}

interface Told {
  readonly code: number;
  readonly findings: readonly Finding[];
}

async function findings(kubeconfig: string, ...args: readonly string[]): Promise<Told> {
  const { code, stdout, stderr } = await capstan(['doctor', '--kubeconfig', kubeconfig, '-o', 'json', ...args]);
  expect(stderr).toBe('');
  const answer: { readonly findings: readonly Finding[] } = JSON.parse(stdout);
  return { code, findings: answer.findings };
}

/** Runs in the order written: faults are planted from one describe to the next. */
describe('a new cluster', () => {
  test('is ready, and the report says so', async () => {
    const { code, stdout } = await doctor();
    expect(stdout).toMatch(/^✓ other-operators +Leases and Deployments: nobody else works on these kinds$/m);
    expect(stdout.trimEnd().split('\n').at(-1)).toMatch(/^\d+ notes, \d+ fine: ready$/);
    expect(code).toBe(0);
  });

  test('without a StorageClass has that problem and no other', async () => {
    await client.delete(StorageClass, { name: 'standard' });
    const { code, findings: all } = await findings(plane.kubeconfig);
    expect(all.filter(({ level }) => level === 'problem' || level === 'warning')).toEqual([
      expect.objectContaining({ check: 'storage', level: 'problem', where: 'default StorageClass' }),
    ]);
    expect(code).toBe(1);
    await make(StorageClass, storageClass('standard', 'true'));
  });

  test('is looked at for one operator alone when it is named', async () => {
    const { findings: all } = await findings(plane.kubeconfig, '--operator', 'druid');
    const definitions = all.filter(({ check }) => check === 'definitions').map(({ where }) => where);
    expect(definitions).toEqual(['CustomResourceDefinition druidingestions.druid.apache.org']);
  });
});

describe('a cluster with faults', () => {
  let all: readonly Finding[];
  let code: number;

  beforeAll(async () => {
    await make(StorageClass, storageClass('also-default', 'true'));
    await make(CustomResourceDefinition, originalStreamBusDefinition);
    await make(Namespace, {
      ...{ apiVersion: 'v1', kind: 'Namespace' },
      metadata: { name: 'shop', labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } },
    });
    await make(Namespace, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'streambus-system' } });
    await make(ValidatingWebhookConfiguration, orphanedWebhook);
    await make(Lease, heldLease('streambus-operator-lock', new Date()));
    await make(StatefulSet, statefulSet({ name: 'orders', storageClassName: 'gone' }));
    await eventually(() => make(StreamBusCluster, originalCluster('orders')), { timeout: 30_000 });
    ({ code, findings: all } = await findings(plane.kubeconfig));
  });

  const at = (check: Finding['check'], where: string) =>
    all.filter((finding) => finding.check === check && finding.where === where);

  test('ends with code 1, and the report begins with the problems', async () => {
    const { stdout } = await doctor();
    const marks = stdout.split('\n').map((line) => line.charAt(0));
    expect(marks[0]).toBe('✗');
    expect(marks.lastIndexOf('✗', marks.indexOf(''))).toBeLessThan(marks.indexOf('!'));
    expect(code).toBe(1);
  });

  test('has two default classes', () => {
    expect(at('storage', 'default StorageClass')).toEqual([
      expect.objectContaining({ level: 'warning', says: expect.stringContaining('also-default and standard') }),
    ]);
  });

  test('has the definition of the original operator, which lacks fields of ours', () => {
    expect(at('definitions', 'CustomResourceDefinition streambusclusters.streambus.io')).toContainEqual(
      expect.objectContaining({
        level: 'warning',
        says: expect.stringContaining('is of the original StreamBus operator'),
      }),
    );
  });

  test('has the original operator at work', () => {
    expect(at('other-operators', 'Lease streambus-system/streambus-operator-lock')).toEqual([
      expect.objectContaining({ level: 'problem', says: expect.stringContaining('original-0 renewed it') }),
    ]);
  });

  test('has a webhook whose Service is missing', () => {
    const where = 'ValidatingWebhookConfiguration policies, webhook pods.policy.example.com';
    expect(at('webhooks', where)).toEqual([
      expect.objectContaining({ level: 'problem', says: expect.stringContaining('policy/gone does not exist') }),
    ]);
  });

  test('has a namespace that enforces restricted', () => {
    expect(at('pod-security', 'Namespace shop')).toEqual([
      expect.objectContaining({ level: 'ok', says: expect.stringContaining('enforces restricted') }),
    ]);
  });

  test('has a StatefulSet whose class does not exist, and a resource that names it', () => {
    expect(at('storage', 'StatefulSet shop/orders')).toEqual([
      expect.objectContaining({ says: 'volume data is of StorageClass gone, which does not exist' }),
    ]);
    expect(at('storage', 'StreamBusCluster shop/orders')).toEqual([
      expect.objectContaining({ level: 'problem', says: expect.stringContaining('spec.storage.class') }),
    ]);
  });

  test('has a resource that ours would refuse, by its fields', () => {
    expect(at('resources', 'StreamBusCluster shop/orders')).toContainEqual(
      expect.objectContaining({ level: 'problem', says: expect.stringContaining('spec.replicas') }),
    );
  });

  test('is what it was before: nothing was written', async () => {
    const versions = async () => {
      const objects = await Promise.all([
        client.list(CustomResourceDefinition),
        client.list(StorageClass),
        client.list(StreamBusCluster),
      ]);
      return objects.flatMap(({ items }) => items.map(({ metadata }) => metadata.resourceVersion));
    };
    const before = await versions();
    await doctor();
    expect(await versions()).toEqual(before);
  });
});

describe('people with few rights', () => {
  test('who may only read see what there is, and that they may not install', async () => {
    await readers('reader');
    const kubeconfig = await plane.kubeconfigFor({ user: 'reader' });
    const { findings: all } = await findings(kubeconfig, '--operator', 'streambus');
    expect(all.filter(({ says }) => says.startsWith('could not be looked at'))).toEqual([]);
    expect(all).toContainEqual(
      expect.objectContaining({
        ...{ check: 'permissions', level: 'warning', where: 'you, installing streambus-operator' },
        says: expect.stringContaining('may not create customresourcedefinitions.apiextensions.k8s.io'),
      }),
    );
  });

  test('who may see nothing are told what could not be looked at, check by check, and why', async () => {
    const kubeconfig = await plane.kubeconfigFor({ user: 'nobody' });
    const { code, findings: all } = await findings(kubeconfig, '--as-operator');
    const unseen = all.filter(({ says }) => says.startsWith('could not be looked at'));
    expect(new Set(unseen.map(({ check }) => check))).toEqual(
      new Set([
        ...(['definitions', 'storage', 'pod-security', 'webhooks', 'other-operators'] as const),
        ...(['permissions', 'resources', 'nodes'] as const),
      ]),
    );
    expect(unseen[0]?.says).toContain('User "nobody" cannot');
    expect(code).toBe(2);
  });

  test('the account of an operator that was not granted enough is told, and what it lacks', async () => {
    const { findings: all } = await findings(plane.kubeconfig, '--operator', 'druid', '--as-operator');
    expect(all).toContainEqual(
      expect.objectContaining({
        ...{ check: 'permissions', level: 'problem', where: 'ServiceAccount druid-operator-system/druid-operator' },
        says: expect.stringContaining('may not get druidingestions.druid.apache.org'),
      }),
    );
  });
});

describe('a cluster with an install of ours', () => {
  const manifest = fileURLToPath(new URL('../../../deploy/druid-operator.yaml', import.meta.url));
  const told = async () => (await findings(plane.kubeconfig, '--operator', 'druid')).findings;

  beforeAll(async () => applyManifests(client, await readManifests(manifest), 'test'));

  test('has our definition, and an account that may do what it has to', async () => {
    await eventually(
      async () =>
        expect(await told()).toEqual(
          expect.arrayContaining([
            expect.objectContaining({ check: 'definitions', level: 'ok', says: 'is ours, v1alpha1' }),
            expect.objectContaining({
              ...{ check: 'permissions', level: 'ok' },
              where: 'ServiceAccount druid-operator-system/druid-operator',
            }),
            expect.objectContaining({ check: 'other-operators', level: 'ok' }),
          ]),
        ),
      { timeout: 30_000 },
    );
  });

  test('hears of a second one in another namespace, which would work on the same objects', async () => {
    const first = await client.get(Deployment, { namespace: 'druid-operator-system', name: 'druid-operator' });
    if (first?.spec === undefined) throw new Error('it was applied above');
    const { apiVersion, kind, spec, metadata } = first;
    const { name, labels = {} } = metadata;
    await client.create(Deployment, { apiVersion, kind, spec, metadata: { namespace: 'shop', name, labels } });
    expect((await told()).filter(({ check }) => check === 'other-operators')).toEqual([
      expect.objectContaining({
        ...{ level: 'problem', where: 'Deployment shop/druid-operator' },
        says: expect.stringContaining('works on the same objects as Deployment druid-operator-system/druid-operator'),
      }),
    ]);
  });
});

describe('without a cluster', () => {
  test('a kubeconfig that does not exist is named', async () => {
    const { code, stdout, stderr } = await capstan(['doctor', '--kubeconfig', 'does-not-exist.yaml']);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^capstan: .*does-not-exist\.yaml/);
  });

  test('an API server that does not answer is told in one line', async () => {
    const server = `https://127.0.0.1:${await pickPort()}`;
    const kubeconfig = join(plane.dir, 'nobody-there.kubeconfig');
    await writeFile(kubeconfig, (await readFile(plane.kubeconfig, 'utf8')).replaceAll(plane.server, server));
    const { code, stdout, stderr } = await doctor('--kubeconfig', kubeconfig);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toBe(`capstan: cannot connect to ${server}: connect ECONNREFUSED ${new URL(server).host}\n`);
  });
});

function storageClass(name: string, isDefault: 'true' | 'false'): Draft<StorageClass> {
  const annotations = { 'storageclass.kubernetes.io/is-default-class': isDefault };
  return {
    ...{ apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', metadata: { name, annotations } },
    ...{
      provisioner: 'kubernetes.io/host-path',
      volumeBindingMode: 'WaitForFirstConsumer',
      allowVolumeExpansion: true,
    },
  };
}

/** Decides about pods elsewhere, so that those of the control plane are let in. */
const orphanedWebhook: Draft<ValidatingWebhookConfiguration> = {
  ...{ apiVersion: 'admissionregistration.k8s.io/v1', kind: 'ValidatingWebhookConfiguration' },
  metadata: { name: 'policies' },
  webhooks: [
    {
      ...{ name: 'pods.policy.example.com', admissionReviewVersions: ['v1'], sideEffects: 'None' },
      clientConfig: { service: { namespace: 'policy', name: 'gone' } },
      rules: [{ apiGroups: [''], apiVersions: ['v1'], resources: ['pods'], operations: ['CREATE'] }],
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'shop' } },
    },
  ],
};

function heldLease(name: string, renewed: Date): Draft<Lease> {
  const renewTime = renewed.toISOString().replace('Z', '000Z');
  return {
    ...{ apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { namespace: 'streambus-system', name } },
    spec: { holderIdentity: 'original-0', leaseDurationSeconds: 15, renewTime },
  };
}

function statefulSet({ name, storageClassName }: { name: string; storageClassName: string }): Draft<StatefulSet> {
  const labels = { app: name };
  const resources = { requests: { storage: '1Gi' } };
  return {
    ...{ apiVersion: 'apps/v1', kind: 'StatefulSet', metadata: { namespace: 'shop', name } },
    spec: {
      ...{ replicas: 0, serviceName: name, selector: { matchLabels: labels } },
      template: { metadata: { labels }, spec: { containers: [{ name: 'broker', image: 'streambus/broker:1' }] } },
      volumeClaimTemplates: [
        { metadata: { name: 'data' }, spec: { accessModes: ['ReadWriteOnce'], storageClassName, resources } },
      ],
    },
  };
}

/** As the original's definition takes it: with more brokers than ours allows. */
function originalCluster(name: string): Draft<StreamBusCluster> {
  const { group, version, kind } = StreamBusCluster;
  const spec = { replicas: 60, storage: { class: 'gone', size: '1Gi', raftSize: '1Gi' } };
  const object = { apiVersion: `${group}/${version}`, kind, metadata: { namespace: 'shop', name }, spec };
  // An object of the original is not of the type of ours.
  return object as unknown as Draft<StreamBusCluster>;
}

/** Lets a user read everything but Secrets, as the ClusterRole `view` and its like do. */
async function readers(user: string): Promise<void> {
  const apiVersion = 'rbac.authorization.k8s.io/v1';
  const metadata = { name: 'doctor-reader' };
  const verbs = ['get', 'list'];
  await make(ClusterRole, {
    ...{ apiVersion, kind: 'ClusterRole', metadata },
    rules: [
      { apiGroups: [''], resources: ['namespaces', 'nodes', 'services', 'serviceaccounts'], verbs },
      { apiGroups: ['apps'], resources: ['deployments', 'statefulsets'], verbs },
      { apiGroups: ['storage.k8s.io'], resources: ['storageclasses'], verbs },
      { apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs },
      { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs },
      { apiGroups: ['apiextensions.k8s.io'], resources: ['customresourcedefinitions'], verbs },
      {
        apiGroups: ['admissionregistration.k8s.io'],
        resources: ['validatingwebhookconfigurations', 'mutatingwebhookconfigurations'],
        verbs,
      },
      { apiGroups: ['streambus.io'], resources: ['streambusclusters'], verbs },
    ],
  });
  await make(ClusterRoleBinding, {
    ...{ apiVersion, kind: 'ClusterRoleBinding', metadata },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: metadata.name },
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: user }],
  });
}
