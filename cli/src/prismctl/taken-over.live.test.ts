import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  Deployment,
  HorizontalPodAutoscaler,
  Ingress,
  type KubeObject,
  type ResourceType,
  Service,
  StatefulSet,
} from '@capstan/kube';
import { PrismCluster, prismController } from '@capstan/prism-operator';
import { openWorld, type World } from '@capstan/testkit';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { prismctl } from './prismctl.fixture.ts';
import { backendsOf, deployByHand, kubectl, type Standing, standingOf } from './taken-over.fixture.ts';

const patiently = { timeout: 90_000 } as const;

/** Pods under kwok have no processes: nobody answers for prism-admin. */
const adminMetrics = { ask: () => Promise.reject(new Error('there is nobody')) };

let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'taken-over-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

function run(world: World, ...args: readonly string[]) {
  return prismctl([...args, '--kubeconfig', inject('kubeconfig')], {
    HOME: directory,
    KUBECONFIG: '',
    NO_COLOR: '1',
  }).then((outcome) => ({ ...outcome, world: world.namespace }));
}

/** Exports, and applies what was exported, as a person would. */
async function takeOver(world: World, secretFile: string): Promise<string> {
  const namespaces = ['--namespace', world.namespace, '--namespace', backendsOf(world)];
  const exported = await run(world, 'export', ...namespaces, '--name', 'prism-local', '--secret-file', secretFile);
  expect(exported.stdout).toContain('kind: PrismCluster');
  await kubectl(['apply', '-f', secretFile]);
  await kubectl(['apply', '-n', world.namespace, '-f', '-'], exported.stdout);
  return exported.stderr;
}

/** Who controls each object, by kind and name. */
async function controllers(world: World): Promise<Readonly<Record<string, string>>> {
  const types: readonly ResourceType[] = [Deployment, StatefulSet, Service, HorizontalPodAutoscaler, Ingress];
  const all = await Promise.all(types.map((type) => world.list<KubeObject>(type)));
  const owner = ({ metadata }: KubeObject) =>
    metadata.ownerReferences?.find(({ controller }) => controller === true)?.kind;
  return Object.fromEntries(all.flat().map((each) => [`${each.kind}/${each.metadata.name}`, owner(each) ?? 'nobody']));
}

/** What a person wants to know of a takeover, a line for each pod. */
function table(before: Standing, after: Standing, released: Standing): string {
  const same = (which: keyof Standing, name: string) =>
    [after, released].map((each) => (each[which][name] === before[which][name] ? 'the same' : 'ANOTHER'));
  const rows = (['pods', 'claims'] as const).flatMap((which) =>
    Object.keys(before[which]).map((name) => [which.slice(0, -1), name, ...same(which, name)] as const),
  );
  const lines = [['', 'name', 'taken over', 'released'], ...rows];
  return lines
    .map(
      ([kind = '', name = '', ...cells]) =>
        `${kind.padEnd(6)}${name.padEnd(44)}${cells.map((cell) => cell.padEnd(12)).join('')}`,
    )
    .join('\n');
}

describe('Prism that was deployed by hand', () => {
  it('is exported, taken over and released again without a pod that restarts or a volume that is touched', async () => {
    await using world = await openWorld({ controllers: [prismController({ adminMetrics })], name: 'by-hand' });
    await using _backends = await deployByHand(world);
    const before = await standingOf(world);
    const secretFile = join(directory, 'login.yaml');
    await takeOver(world, secretFile);
    expect((await stat(secretFile)).mode & 0o777).toBe(0o600);
    await world.untilCondition(PrismCluster, 'prism-local', 'Ready', 'True', patiently);
    const after = await standingOf(world);
    expect(after).toEqual(before);
    const mine = {
      'Deployment/prism-admin': 'PrismCluster',
      'Deployment/prism-proxy': 'PrismCluster',
      'Deployment/consumer-runner': 'PrismCluster',
      'Deployment/producer-runner': 'PrismCluster',
      'StatefulSet/keyvalue-runner': 'PrismCluster',
      'StatefulSet/mailbox-runner': 'PrismCluster',
      'Service/prism-admin': 'PrismCluster',
      'Service/prism-proxy': 'PrismCluster',
      'HorizontalPodAutoscaler/prism-proxy-hpa': 'PrismCluster',
      'Ingress/prism-ingress': 'PrismCluster',
    };
    expect(await controllers(world)).toEqual(mine);
    const status = (await world.get(PrismCluster, 'prism-local'))?.status;
    expect(status?.conditions).toContainEqual(
      expect.objectContaining({
        type: 'DefaultCredentials',
        status: 'True',
        message: expect.stringContaining('S3_SECRET_KEY'),
      }),
    );
    expect(JSON.stringify(status)).not.toContain('minioadmin');
    await world.expectWrites(0, () => world.restartOperator());
    const given = await run(world, 'release', 'prism-local', '--namespace', world.namespace, '--yes');
    expect([given.code, given.stderr]).toEqual([0, expect.any(String)]);
    expect(await world.get(PrismCluster, 'prism-local')).toBeUndefined();
    const released = await standingOf(world);
    expect(released).toEqual(before);
    const free = Object.fromEntries(Object.keys(mine).map((name) => [name, 'nobody']));
    expect(await controllers(world)).toMatchObject(free);
    console.log(`Prism by hand, taken over and released:\n${table(before, after, released)}`);
  }, 240_000);

  it('is said beforehand to stay as it is, by the plan of what is exported', async () => {
    await using world = await openWorld({ controllers: [prismController({ adminMetrics })], name: 'by-hand-plan' });
    await using _backends = await deployByHand(world);
    const planned = await run(
      world,
      ...['export', '--namespace', world.namespace, '--namespace', backendsOf(world), '--dry-run=plan'],
    );
    expect(planned.stdout).not.toMatch(/pods? restart(?!s: none)|restarts [1-9]/);
    expect(planned.stdout).toContain('Deployment/prism-proxy');
    expect(await world.get(PrismCluster, 'prism-local')).toBeUndefined();
  }, 120_000);
});

/** What people change over the years: variables, ports, labels, sidecars, a Service that is gone, what Helm has, a second runner. */
function deviating(text: string): string {
  return text
    .replace(
      '{ name: RUST_LOG, value: info }',
      '{ name: RUST_LOG, value: debug }\n            - { name: EXTRA, value: mine }',
    )
    .replace(
      'metadata: { name: prism-proxy, namespace: ',
      'metadata: { labels: { team: data }, name: prism-proxy, namespace: ',
    )
    .replaceAll('50051', '50052')
    .replace(/---\napiVersion: v1\nkind: Service\nmetadata: \{ name: prism-admin[\s\S]*?(?=---)/, '')
    .replace(
      'metadata: { name: producer-runner, namespace',
      'metadata: { labels: { app.kubernetes.io/managed-by: Helm }, annotations: { meta.helm.sh/release-name: shop, meta.helm.sh/release-namespace: default }, name: producer-runner, namespace',
    );
}

function withSecondConsumer(text: string): string {
  const consumer = text.split('---\n').find((each) => each.includes('name: consumer-runner, namespace')) ?? '';
  return `${text}---\n${consumer.replaceAll('consumer-runner', 'consumer-two-runner')}`;
}

describe('Prism that was deployed by hand and changed since', () => {
  it('is taken over as far as it is known; nothing breaks, and each deviation is told', async () => {
    await using world = await openWorld({ controllers: [prismController({ adminMetrics })], name: 'by-hand-changed' });
    await using _backends = await deployByHand(world, (text) => withSecondConsumer(deviating(text)));
    const before = await standingOf(world);
    const told = await takeOver(world, join(directory, 'deviating.yaml'));
    for (const what of ['EXTRA', '50052', 'team', 'prism-admin', 'Helm release shop', 'consumer'])
      expect(told).toContain(what);
    await world.untilCondition(PrismCluster, 'prism-local', 'Reconciling', 'False', patiently);
    expect(await standingOf(world)).toMatchObject(before);
    expect(await controllers(world)).toMatchObject({
      'Deployment/prism-proxy': 'PrismCluster',
      'Deployment/producer-runner': 'nobody',
    });
    const { template } = (await world.get(Deployment, 'prism-proxy'))?.spec ?? {};
    expect(template?.spec?.containers[0]?.env).toContainEqual({ name: 'EXTRA', value: 'mine' });
  }, 180_000);

  it('has a Secret with what was found, and nothing of it anywhere else', async () => {
    const secret = await readFile(join(directory, 'deviating.yaml'), 'utf8');
    expect(secret).toContain('minioadmin');
  });
});
