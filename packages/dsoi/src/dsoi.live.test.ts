import {
  CustomResourceDefinition,
  createClient,
  Deployment,
  Event,
  type KubeClient,
  loadKubeConfig,
  Namespace,
  StatefulSet,
} from '@capstan/kube';
import { createLogger, Manager } from '@capstan/runtime';
import { eventually, never, untilServed } from '@capstan/testkit';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { aGroup, aNode, aQuarry } from './testing/a-quarry.fixture.ts';
import { Quarry, quarries } from './testing/quarry.fixture.ts';

type Spec = Parameters<typeof aQuarry>[1];

let client: KubeClient;
let operator: { readonly stop: AbortController; readonly ended: Promise<void> };

const asUser = { fieldManager: 'a-user', force: true };

beforeAll(async () => {
  client = createClient(await loadKubeConfig({ path: inject('kubeconfig') }));
  await client.apply(CustomResourceDefinition, Quarry.manifest() as never, asUser);
  await untilServed(client, Quarry, aQuarry('probe') as never, AbortSignal.timeout(30_000));
  operator = await startOperator();
});

afterAll(async () => {
  await stopOperator();
  await client.close();
});

async function startOperator() {
  const stop = new AbortController();
  const connection = await loadKubeConfig({ path: inject('kubeconfig') });
  const manager = new Manager({ connection, controllers: [quarries], log: createLogger({ level: 'error' }) });
  return { stop, ended: manager.run(stop.signal) };
}

async function stopOperator() {
  operator.stop.abort();
  await operator.ended;
}

async function newNamespace(name: string): Promise<string> {
  await client.apply(Namespace, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } }, asUser);
  return name;
}

function put(namespace: string, spec: Spec = {}) {
  const quarry = aQuarry('q', spec);
  return client.apply(Quarry, { ...quarry, metadata: { ...quarry.metadata, namespace } } as never, asUser);
}

const read = (namespace: string) => client.get(Quarry, { namespace, name: 'q' });

/** The cluster once `phase` is reached; a step may take a while, for kwok starts pods one after the other. */
function untilPhase(namespace: string, phase: string, generation?: number) {
  return eventually(
    async () => {
      const quarry = await read(namespace);
      expect(quarry?.status?.upgrade?.phase).toBe(phase);
      if (generation !== undefined) expect(quarry?.status?.upgrade?.generation).toBe(generation);
      return quarry;
    },
    { timeout: 30_000 },
  );
}

async function reasonsOf(namespace: string): Promise<readonly string[]> {
  const { items } = await client.list(Event, { namespace });
  return items
    .filter(({ regarding }) => regarding?.kind === 'Quarry')
    .toSorted((a, b) => (a.eventTime ?? '').localeCompare(b.eventTime ?? ''))
    .map(({ reason = '', note = '' }) => `${reason}: ${note.split(';')[0]}`);
}

const image = (tag: string, crashing?: string) =>
  ['query', 'data', 'master'].map((name) => {
    const podMetadata = { annotations: { 'capstan.dev/pod': 'crash-loop' } };
    return aGroup(name, { image: `quarry:${tag}`, ...(name === crashing && { podMetadata }) });
  });

describe('a cluster of several node types', () => {
  it('installs every node at once', async () => {
    const namespace = await newNamespace('dsoi-install');
    await put(namespace);
    const quarry = await untilPhase(namespace, 'Complete');
    expect(quarry?.status?.upgrade).toMatchObject({
      installedAt: quarry?.status?.upgrade?.finishedAt,
      nodes: [{ name: 'data' }, { name: 'master' }, { name: 'query' }],
    });
    // Nobody waited for anybody: all three began within the first pass.
    const starts = new Set(quarry?.status?.upgrade?.nodes.map(({ startedAt }) => startedAt));
    expect(starts.size).toBe(1);
  });

  it('changes one node after the other, in deployment order, and tells of each action once', async () => {
    const namespace = await newNamespace('dsoi-upgrade');
    await put(namespace);
    await untilPhase(namespace, 'Complete');
    const { metadata } = await put(namespace, { k8sConfigGroup: image('2') });
    const quarry = await untilPhase(namespace, 'Complete', metadata.generation);
    const times =
      quarry?.status?.upgrade?.nodes.map(({ name, startedAt = '', finishedAt = '' }) => ({
        name,
        startedAt,
        finishedAt,
      })) ?? [];
    expect(times.map(({ name }) => name)).toEqual(['data', 'master', 'query']);
    for (const [index, { startedAt }] of times.entries())
      expect(startedAt >= (times[index - 1]?.finishedAt ?? '')).toBe(true);
    await eventually(async () => {
      expect((await reasonsOf(namespace)).slice(-8)).toEqual([
        'UpgradeStarted: Upgrade of 3 nodes began (generation 2)',
        'NodeUpgradeStarted: node data (data) is being changed to generation 2',
        'NodeUpgradeFinished: node data (data) is complete at generation 2',
        'NodeUpgradeStarted: node master (coordinator) is being changed to generation 2',
        'NodeUpgradeFinished: node master (coordinator) is complete at generation 2',
        'NodeUpgradeStarted: node query (broker) is being changed to generation 2',
        'NodeUpgradeFinished: node query (broker) is complete at generation 2',
        expect.stringMatching(/^UpgradeFinished: Upgrade finished on every node after \d+ s \(generation 2\)$/),
      ]);
    });
  });

  it('is halted by a crashing node and goes on when the spec is mended; never touches the spec', async () => {
    const namespace = await newNamespace('dsoi-crash');
    await put(namespace);
    await untilPhase(namespace, 'Complete');
    const broken = await put(namespace, { k8sConfigGroup: image('2', 'master') });
    await untilPhase(namespace, 'Halted');
    const warnings = await eventually(async () => {
      const halted = (await reasonsOf(namespace)).filter((each) => each.startsWith('UpgradeHalted'));
      expect(halted).toHaveLength(1);
      return halted;
    });
    expect(warnings[0]).toMatch(/halted at master \(q-master-0 \(quarry\): CrashLoopBackOff/);
    const broker = () => client.get(Deployment, { namespace, name: 'q-query' });
    const brokerImage = async () => (await broker())?.spec?.template.spec?.containers[0]?.image;
    await never(async () => expect(await brokerImage()).not.toBe('quarry:1'), { during: 1_500 });
    expect((await read(namespace))?.spec).toEqual(broken.spec);

    const { metadata } = await put(namespace, { k8sConfigGroup: image('3') });
    await untilPhase(namespace, 'Complete', metadata.generation);
    expect(await brokerImage()).toBe('quarry:3');
  });

  it('rolls out one node alone when only its group changed', async () => {
    const namespace = await newNamespace('dsoi-alone');
    await put(namespace);
    await untilPhase(namespace, 'Complete');
    const revisionOf = async (name: string) =>
      (await client.get(StatefulSet, { namespace, name }))?.status?.updateRevision;
    const before = await revisionOf('q-data');
    const k8sConfigGroup = [aGroup('query'), aGroup('data'), aGroup('master', { image: 'quarry:2' })];
    const { metadata } = await put(namespace, { k8sConfigGroup });
    const quarry = await untilPhase(namespace, 'Complete', metadata.generation);
    expect(
      quarry?.status?.upgrade?.nodes.filter(({ startedAt }) => startedAt !== undefined).map(({ name }) => name),
    ).toEqual(['master']);
    expect(await revisionOf('q-data')).toBe(before);
  });

  it('goes on after a restart in the middle of an upgrade', async () => {
    const namespace = await newNamespace('dsoi-restart');
    await put(namespace);
    await untilPhase(namespace, 'Complete');
    const slow = { podMetadata: { annotations: { 'capstan.dev/pod': 'slow=5s' } } };
    const k8sConfigGroup = [
      aGroup('query', { image: 'quarry:2' }),
      aGroup('data', { image: 'quarry:2', ...slow }),
      aGroup('master'),
    ];
    const { metadata } = await put(namespace, { k8sConfigGroup });
    await untilPhase(namespace, 'InProgress', metadata.generation);
    await stopOperator();
    operator = await startOperator();
    const quarry = await untilPhase(namespace, 'Complete', metadata.generation);
    const [data, , query] = quarry?.status?.upgrade?.nodes ?? [];
    expect((query?.startedAt ?? '') >= (data?.finishedAt ?? '~')).toBe(true);
    const reasons = await reasonsOf(namespace);
    expect(reasons.filter((each) => each.startsWith('UpgradeStarted: Upgrade'))).toHaveLength(1);
  });

  it('says which group a node names in vain, and makes nothing', async () => {
    const namespace = await newNamespace('dsoi-refused');
    await put(namespace, { nodes: [aNode('data', 'data', { k8sConfigGroup: 'dta' })], deploymentOrder: ['data'] });
    await eventually(async () => {
      expect(await reasonsOf(namespace)).toContainEqual(expect.stringContaining('names the group "dta"'));
    });
    expect((await client.list(StatefulSet, { namespace })).items).toEqual([]);
  });
});
