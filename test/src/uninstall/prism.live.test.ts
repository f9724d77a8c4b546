import { fileURLToPath } from 'node:url';
import { pickPort } from '@capstan/controlplane';
import {
  ApiError,
  CustomResourceDefinition,
  Deployment,
  type KubeObject,
  Namespace,
  PersistentVolumeClaim,
} from '@capstan/kube';
import {
  PrismCluster,
  PrismPattern,
  prismClusters,
  prismFederations,
  prismNamespaces,
  prismPatterns,
  prismRivals,
  prismWebhooks,
} from '@capstan/prism-operator';
import { eventually, readManifests } from '@capstan/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { patiently, UninstallStage } from './uninstall-stage.ts';

const system = 'prism-system';
const shop = 'shop';
const definition = 'prismpatterns.prism.io';
const formerPattern = { ...PrismPattern, version: 'v1alpha1' };

let stage: UninstallStage;

beforeAll(async () => {
  // Service names lead nowhere on this machine: API servers call the operator by its address.
  const address = `127.0.0.1:${await pickPort()}`;
  stage = await UninstallStage.open({
    ...{ name: 'prism-operator', folder: 'prism', namespace: system, rivals: prismRivals, webhooks: prismWebhooks },
    controllers: [prismClusters, prismPatterns, prismNamespaces, prismFederations],
    flags: [`--webhook-bind-address=${address}`, `--webhook-url=https://${address}`],
  });
  await stage.namespace(shop);
});

afterAll(async () => {
  await stage?.[Symbol.asyncDispose]();
});

function apply(object: KubeObject & { readonly spec: object }, type = PrismPattern): Promise<KubeObject> {
  return stage.client.apply<KubeObject>(type, object, { fieldManager: 'a-user', force: true });
}

function formerly(namespace: string, name: string) {
  const spec = { pattern: 'consumer', backend: 'nats', image: 'prism/consumer:1', replicas: 2 };
  return { apiVersion: 'prism.io/v1alpha1', kind: 'PrismPattern', metadata: { namespace, name }, spec };
}

async function untilConverted(namespace: string, name: string): Promise<void> {
  await eventually(() => apply(formerly(namespace, name), formerPattern), patiently);
}

async function refusalOf(request: Promise<unknown>): Promise<ApiError> {
  const refusal = await request.then(() => undefined).catch((error: unknown) => error);
  if (refusal instanceof ApiError) return refusal;
  throw new Error(`it was not refused: ${String(refusal)}`);
}

/** The order of the scenes is that of the lines: each begins with what the one before left. */
describe('the Prism operator is uninstalled, and installed again', { timeout: 180_000 }, () => {
  it('operator first: what is stored can be read, changed and deleted; a version that nobody converts is refused, not lost', async () => {
    await untilConverted(shop, 'orders');
    await stage.namespace('market');
    await untilConverted('market', 'bids');
    const { code, stdout, stderr } = await stage.operator.uninstall();
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain(
      `CustomResourceDefinition ${definition}: objects are read and written in v1beta1 as before, in v1alpha1 not before an operator converts them again`,
    );
    await stage.operator.ended();
    const stored = await stage.client.list(PrismPattern);
    expect(stored.items.map(({ metadata, spec }) => [metadata.name, spec.type])).toEqual([
      ['bids', 'consumer'],
      ['orders', 'consumer'],
    ]);
    const patch = { kind: 'merge', body: { spec: { replicas: 3 } } } as const;
    await stage.client.patch(PrismPattern, { namespace: shop, name: 'orders' }, patch);
    const refusal = await refusalOf(apply(formerly(shop, 'orders'), formerPattern));
    expect(refusal.message).toContain('conversion webhook for prism.io/');
    await stage.client.delete(Namespace, { name: 'market' });
    await stage.untilGone(Namespace, 'market');
    await stage.operator.install();
    await untilConverted(shop, 'orders');
  });

  it('while objects may be stored in a version that nobody would convert, it stops before anything is changed', async () => {
    const status = { storedVersions: ['v1alpha1', 'v1beta1'] };
    const patch = { kind: 'merge', body: { status } } as const;
    await stage.client.patch(CustomResourceDefinition, { name: definition }, patch, { subresource: 'status' });
    const { code, stdout, stderr } = await stage.operator.uninstall();
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain(`while it runs, capstan migrate-storage ${definition}; then this again`);
    const deployment = await stage.client.get(Deployment, { namespace: system, name: 'prism-operator' });
    expect(deployment?.spec?.replicas).toBe(1);
    const migrated = { kind: 'merge', body: { status: { storedVersions: ['v1beta1'] } } } as const;
    await stage.client.patch(CustomResourceDefinition, { name: definition }, migrated, { subresource: 'status' });
  });

  it('keeps the data of a cluster whose deletion nobody finished, and says so', async () => {
    const spec = { backends: { redis: {} }, patterns: [], deletionPolicy: 'Delete' as const };
    const metadata = { namespace: shop, name: 'main' };
    await stage.client.apply(
      PrismCluster,
      PrismCluster.withDefaults({ apiVersion: 'prism.io/v1alpha1', kind: 'PrismCluster', metadata, spec }),
      { fieldManager: 'a-user', force: true },
    );
    await eventually(async () => {
      const claims = (await stage.client.list(PersistentVolumeClaim, { namespace: shop })).items;
      expect(claims.some((claim) => (claim.metadata.ownerReferences ?? []).length > 0)).toBe(true);
      expect((await stage.client.get(PrismCluster, metadata))?.metadata.finalizers).toEqual(['prism.io/data']);
    }, patiently);
    const before = await stage.uidsOfData(shop);
    await stage.operator.kill();
    await stage.client.delete(PrismCluster, metadata);
    const { code, stderr } = await stage.operator.uninstall('--timeout=20s');
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^remains: PrismCluster shop\/main: is being deleted, and would take .*PersistentVolumeClaim /m,
    );
    expect(await stage.uidsOfData(shop)).toEqual(before);
    const keep = { kind: 'merge', body: { spec: { deletionPolicy: 'Retain' } } } as const;
    await stage.client.patch(PrismCluster, metadata, keep);
    await stage.operator.install();
    await stage.untilGone(PrismCluster, 'main', shop);
    const claims = Object.entries(before).filter(([name]) => name.startsWith('PersistentVolumeClaim/'));
    expect(await stage.uidsOfData(shop)).toMatchObject(Object.fromEntries(claims));
  });

  it('the namespace of the operator first, then the definition: both go, and all is well once it is installed again', async () => {
    await stage.client.delete(Namespace, { name: system });
    await stage.untilGone(Namespace, system);
    await stage.operator.ended();
    await stage.client.delete(CustomResourceDefinition, { name: definition });
    await stage.untilGone(CustomResourceDefinition, definition);
    await stage.operator.install();
    await untilConverted(shop, 'orders');
  });

  it('a definition with objects in a version that nobody converts waits, until its conversion is given up', async () => {
    await stage.operator.kill();
    await stage.client.delete(CustomResourceDefinition, { name: definition });
    await stage.untilGone(CustomResourceDefinition, definition);
    await storeFormerVersion(formerly(shop, 'old'));
    const refusal = await refusalOf(stage.client.list(PrismPattern, { namespace: shop }));
    expect(refusal.message).toContain('conversion webhook for prism.io/');
    await stage.client.delete(CustomResourceDefinition, { name: definition });
    const body = { spec: { conversion: { strategy: 'None', webhook: null } } };
    await stage.client.patch(CustomResourceDefinition, { name: definition }, { kind: 'merge', body });
    await stage.untilGone(CustomResourceDefinition, definition);
  });
});

/** Has an object stored as an installation of an earlier operator left it: in the former version, with nobody to convert it. */
async function storeFormerVersion(object: ReturnType<typeof formerly>): Promise<void> {
  const file = fileURLToPath(new URL(`../../../deploy/crds/prism.io_prismpatterns.yaml`, import.meta.url));
  const [shipped] = (await readManifests(file)).filter(isDefinition);
  if (shipped === undefined) throw new Error(`${file} has no definition`);
  const versions = shipped.spec.versions.map((each) => ({ ...each, storage: each.name === 'v1alpha1' }));
  const former = { ...shipped, spec: { ...shipped.spec, versions, conversion: { strategy: 'None' } } };
  const manager = { fieldManager: 'installer', force: true };
  await stage.client.apply(CustomResourceDefinition, former, manager);
  await eventually(() => apply(object, formerPattern), patiently);
  await stage.client.apply(CustomResourceDefinition, shipped, manager);
  await eventually(() => refusalOf(stage.client.list(PrismPattern, { namespace: shop })), patiently);
}

function isDefinition(object: KubeObject): object is CustomResourceDefinition {
  return object.kind === CustomResourceDefinition.kind;
}
