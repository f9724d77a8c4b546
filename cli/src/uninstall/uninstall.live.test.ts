import { execFile } from 'node:child_process';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ControlPlane, startControlPlane } from '@capstan/controlplane';
import { DruidIngestion } from '@capstan/druid-operator';
import {
  ClusterRole,
  ConfigMap,
  CustomResourceDefinition,
  createClient,
  Deployment,
  type KubeClient,
  type KubeObject,
  Lease,
  loadKubeConfig,
  Namespace,
  type ResourceType,
  RoleBinding,
  ServiceAccount,
} from '@capstan/kube';
import { applyManifests, eventually, readManifests } from '@capstan/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { capstan } from '../capstan.fixture.ts';
import type { Finding } from '../doctor/finding.ts';
import { UserError } from '../failure.ts';
import { type UninstallFlags, uninstallOperator } from './uninstall-operator.ts';

const manifests = fileURLToPath(new URL('../../../deploy/druid-operator.yaml', import.meta.url));
const system = 'druid-operator-system';
const operator = { namespace: system, name: 'druid-operator' };
const definition = 'druidingestions.druid.apache.org';
const ours = 'druid.apache.org/ingestion';
const patiently = { timeout: 60_000 } as const;

// Definitions come and go, which others would not like to share.
let plane: ControlPlane;
let client: KubeClient;
let told: string[] = [];
let complained: string[] = [];

beforeAll(async () => {
  plane = await startControlPlane({ nodes: 'kwok' });
  client = createClient(await loadKubeConfig({ path: plane.kubeconfig }));
  await apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } }, Namespace);
});

afterAll(async () => {
  await client?.close();
  await plane?.stop();
});

beforeEach(() => {
  [told, complained] = [[], []];
  vi.spyOn(console, 'log').mockImplementation((line) => void told.push(String(line)));
  vi.spyOn(console, 'error').mockImplementation((line) => void complained.push(String(line)));
});

afterEach(() => {
  vi.restoreAllMocks();
});

function apply(object: KubeObject, type: ResourceType): Promise<KubeObject> {
  return client.apply<KubeObject>(type, object, { fieldManager: 'test', force: true });
}

/** As `kubectl apply -f` does; the operator itself does not run. */
async function install(): Promise<void> {
  await eventually(async () => applyManifests(client, await readManifests(manifests), 'test'), patiently);
}

/** An ingestion as an operator that is gone has left it. */
async function leave(name: string, finalizers: readonly string[] = [ours]): Promise<void> {
  const body = DruidIngestion.withDefaults({
    ...{ apiVersion: 'druid.apache.org/v1alpha1', kind: 'DruidIngestion' },
    metadata: { namespace: 'shop', name, finalizers },
    spec: { druidCluster: 'tiny', ingestion: { type: 'kafka', spec: '{}' } },
  });
  await eventually(() => apply(body, DruidIngestion), patiently);
}

/** Has somebody renew a Lease just now. */
async function hold(metadata: { readonly namespace: string; readonly name: string }): Promise<void> {
  const renewTime = new Date().toISOString().replace('Z', '000Z');
  const spec = { holderIdentity: 'another-0', leaseDurationSeconds: 15, renewTime };
  const lease: Lease = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata, spec };
  await apply(lease, Lease);
}

function uninstall(flags: Partial<UninstallFlags> = {}): Promise<number> {
  return uninstallOperator('druid', { kubeconfig: plane.kubeconfig, timeout: 30, yes: true, ...flags });
}

function read(name: string): Promise<DruidIngestion | undefined> {
  return client.get(DruidIngestion, { namespace: 'shop', name });
}

async function untilGone(type: ResourceType, ref: { readonly name: string; readonly namespace?: string }) {
  await eventually(async () => expect(await client.get<KubeObject>(type, ref)).toBeUndefined(), patiently);
}

/** What the doctor says is stuck. */
async function stuck(): Promise<readonly Finding[]> {
  const { stdout } = await capstan(['doctor', '--operator', 'druid', '--kubeconfig', plane.kubeconfig, '-o', 'json']);
  const { findings }: { readonly findings: readonly Finding[] } = JSON.parse(stdout);
  return findings.filter(({ check }) => check === 'stuck');
}

/** Runs a command line as a person would who copies it. */
function shell(command: string): Promise<void> {
  const { PATH = '' } = process.env;
  const env = { ...process.env, KUBECONFIG: plane.kubeconfig, PATH: `${dirname(plane.binaries.kubectl)}:${PATH}` };
  return new Promise((resolve, reject) => {
    execFile('/bin/sh', ['-c', command], { env }, (error) => (error === null ? resolve() : reject(error)));
  });
}

/** The order is that of the lines: each begins with what the one before left. */
describe('capstan uninstall', () => {
  test('shows what it would do, and changes nothing without being told to', async () => {
    await install();
    await leave('clicks', [ours, 'example.com/keep']);
    expect(await uninstall({ dryRun: true })).toBe(0);
    expect(told).toEqual(
      expect.arrayContaining([
        '  Deployment druid-operator: to be scaled to zero',
        expect.stringContaining(
          `  DruidIngestion shop/clicks: ${ours} to be taken off; what it has in Druid goes on as it is`,
        ),
        '  ClusterRole druid-operator: to be deleted',
        '  Deployment druid-operator-system/druid-operator: to be deleted',
      ]),
    );
    await expect(uninstall({ yes: false })).rejects.toThrow(UserError);
    expect((await read('clicks'))?.metadata.finalizers).toEqual([ours, 'example.com/keep']);
    expect((await client.get(Deployment, operator))?.spec?.replicas).toBe(1);
  });

  test('says what Helm is to do where Helm installed it', async () => {
    const annotations = { 'meta.helm.sh/release-name': 'ingest' };
    await client.patch(Deployment, operator, { kind: 'merge', body: { metadata: { annotations } } });
    expect(await uninstall()).toBe(1);
    expect(complained.join()).toContain('helm uninstall ingest -n druid-operator-system');
    expect((await client.get(Deployment, operator))?.spec?.replicas).toBe(1);
    const none = { 'meta.helm.sh/release-name': null };
    await client.patch(Deployment, operator, { kind: 'merge', body: { metadata: { annotations: none } } });
  });

  test('deletes what the install made and nothing else, and what another install needs stays', async () => {
    const labels = { 'app.kubernetes.io/name': 'druid-operator' };
    const other = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'druid-operator-metrics-reader' };
    const rbac = 'rbac.authorization.k8s.io/v1';
    await apply({ apiVersion: rbac, kind: 'ClusterRole', metadata: { name: other.name, labels } }, ClusterRole);
    const bound: RoleBinding = {
      ...{ apiVersion: rbac, kind: 'RoleBinding', metadata: { namespace: 'shop', name: 'another', labels } },
      ...{ roleRef: other, subjects: [{ kind: 'ServiceAccount', namespace: 'shop', name: 'another' }] },
    };
    await apply(bound, RoleBinding);
    await apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace: system, name: 'mine' } }, ConfigMap);
    expect([await uninstall(), complained]).toEqual([0, []]);
    expect(await client.get(Deployment, operator)).toBeUndefined();
    expect(await client.get(ServiceAccount, operator)).toBeUndefined();
    expect(await client.get(ClusterRole, { name: 'druid-operator' })).toBeUndefined();
    expect(await client.get(ClusterRole, { name: other.name })).toBeDefined();
    expect(await client.get(RoleBinding, bound.metadata)).toBeDefined();
    expect(await client.get(ConfigMap, { namespace: system, name: 'mine' })).toBeDefined();
    expect((await read('clicks'))?.metadata.finalizers).toEqual(['example.com/keep']);
    expect([await uninstall(), complained], 'once more').toEqual([0, []]);
  });

  test('leaves to an operator that came before, and is at work, what that put on a resource', async () => {
    const former = 'druidingestion.datainfra.io/finalizer';
    const lease = { namespace: 'shop', name: 'e6946145.apache.org' };
    await hold(lease);
    await leave('views', [ours, former]);
    expect([await uninstall(), complained]).toEqual([0, []]);
    expect(told).toContain('  the existing Druid operator is at work: its finalizers are left to it');
    expect((await read('views'))?.metadata.finalizers).toEqual([former]);
    await client.delete(Lease, lease);
    expect([await uninstall(), complained]).toEqual([0, []]);
    expect((await read('views'))?.metadata.finalizers).toBeUndefined();
    await client.delete(DruidIngestion, { namespace: 'shop', name: 'views' });
  });

  test('asks which resources are meant while another install is at work', async () => {
    const lease = { namespace: 'shop', name: 'druid-operator' };
    await hold(lease);
    await expect(uninstall()).rejects.toThrow('another druid-operator is at work in namespace shop');
    await client.delete(Lease, lease);
  });

  test('deletes no definition with resources without a person who types its name', async () => {
    await expect(uninstall({ crds: true })).rejects.toThrow('Only a person at a terminal may say so');
    expect(told).toContain('  DruidIngestion shop/clicks: would go, and with it nothing else');
    expect(await read('clicks')).toBeDefined();
  });

  test('deletes definitions of which no resource is left', async () => {
    await client.patch(
      DruidIngestion,
      { namespace: 'shop', name: 'clicks' },
      {
        kind: 'merge',
        body: { metadata: { finalizers: [] } },
      },
    );
    await client.delete(DruidIngestion, { namespace: 'shop', name: 'clicks' });
    await untilGone(DruidIngestion, { namespace: 'shop', name: 'clicks' });
    expect([await uninstall({ crds: true }), complained]).toEqual([0, []]);
    expect(await client.get(CustomResourceDefinition, { name: definition })).toBeUndefined();
  });
});

describe('what is stuck without the operator', { timeout: 180_000 }, () => {
  test('is named by the doctor, and its command frees a resource and leaves the finalizers of others', async () => {
    await install();
    await client.setScale(Deployment, operator, 0);
    await leave('bids', [ours, 'example.com/keep']);
    await client.delete(DruidIngestion, { namespace: 'shop', name: 'bids' });
    const found = await eventually(async () => {
      const [first] = await stuck();
      expect(first).toMatchObject({ level: 'problem', where: 'DruidIngestion shop/bids' });
      return first;
    }, patiently);
    await shell(/kubectl patch .*$/.exec(found?.remedy ?? '')?.[0] ?? 'false');
    expect((await read('bids'))?.metadata.finalizers).toEqual(['example.com/keep']);
    expect(await stuck()).toEqual([expect.objectContaining({ level: 'ok' })]);
    const none = { kind: 'merge', body: { metadata: { finalizers: [] } } } as const;
    await client.patch(DruidIngestion, { namespace: 'shop', name: 'bids' }, none);
  });

  test('in a namespace and under a definition that are being deleted is let go by capstan uninstall', async () => {
    await leave('asks');
    await client.delete(Namespace, { name: 'shop' });
    await client.delete(CustomResourceDefinition, { name: definition });
    await eventually(async () => {
      expect((await stuck()).map(({ where }) => where)).toEqual([
        'DruidIngestion shop/asks',
        'Namespace shop',
        `CustomResourceDefinition ${definition}`,
      ]);
    }, patiently);
    const [, namespace] = await stuck();
    expect(namespace?.remedy).toContain('capstan uninstall druid --release-only --resources-in shop');
    expect([await uninstall({ releaseOnly: true, resourcesIn: ['shop'] }), complained]).toEqual([0, []]);
    await untilGone(Namespace, { name: 'shop' });
    await untilGone(CustomResourceDefinition, { name: definition });
    expect(await client.get(Deployment, operator), 'released only').toBeDefined();
  });
});
