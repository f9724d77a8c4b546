import { CustomResourceDefinition, Deployment, Namespace } from '@capstan/kube';
import { StreamBusCluster, streamBusClusters, streamBusRivals } from '@capstan/streambus-operator';
import { eventually } from '@capstan/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { patiently, UninstallStage } from './uninstall-stage.ts';

const definition = 'streambusclusters.streambus.io';
const system = 'streambus-system';
const shop = 'shop';

let stage: UninstallStage;

beforeAll(async () => {
  stage = await UninstallStage.open({
    ...{ name: 'streambus-operator', folder: 'streambus', namespace: system },
    ...{ controllers: [streamBusClusters], rivals: streamBusRivals },
  });
  await stage.namespace(shop);
  await apply();
  await untilRunning();
});

afterAll(async () => {
  await stage?.[Symbol.asyncDispose]();
});

const wanted = StreamBusCluster.withDefaults({
  ...{ apiVersion: 'streambus.io/v1alpha1', kind: 'StreamBusCluster' },
  metadata: { namespace: shop, name: 'orders' },
  spec: { replicas: 1, storage: { class: 'standard', size: '1Gi', raftSize: '1Gi' } },
});

async function apply(): Promise<void> {
  await eventually(
    () => stage.client.apply(StreamBusCluster, wanted, { fieldManager: 'a-user', force: true }),
    patiently,
  );
}

async function untilRunning(): Promise<void> {
  await eventually(async () => {
    const found = await stage.client.get(StreamBusCluster, { namespace: shop, name: 'orders' });
    expect(found?.status?.phase).toBe('Running');
    expect(found?.status?.observedGeneration).toBe(found?.metadata.generation);
  }, patiently);
}

/** The order of the scenes is that of the lines: each begins with what the one before left. */
describe('StreamBus is uninstalled, and installed again', { timeout: 180_000 }, () => {
  it('operator first: everything stays, and the next operator restarts nothing', async () => {
    const before = await stage.uidsOfOperands(shop);
    const { code, stdout, stderr } = await stage.operator.uninstall();
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain(`Deployment ${system}/streambus-operator: scaled to zero`);
    expect(stdout.trimEnd().split('\n').at(-1)).toBe('nothing waits for the operator any more');
    await stage.operator.ended();
    await stage.client.delete(Deployment, { namespace: system, name: 'streambus-operator' });
    expect((await stage.operator.uninstall()).code, 'run again with parts gone').toBe(0);
    await stage.operator.install();
    await untilRunning();
    expect(await stage.uidsOfOperands(shop)).toEqual(before);
  });

  it('the namespace of the operator first: its resources can be edited and come to no harm', async () => {
    const before = await stage.uidsOfOperands(shop);
    await stage.client.delete(Namespace, { name: system });
    await stage.untilGone(Namespace, system);
    await stage.operator.ended();
    const labels = { edited: 'yes' };
    const patch = { kind: 'merge', body: { metadata: { labels } } } as const;
    await stage.client.patch(StreamBusCluster, { namespace: shop, name: 'orders' }, patch);
    await stage.operator.install();
    await untilRunning();
    expect(await stage.uidsOfOperands(shop)).toEqual(before);
  });

  it.each(['while the operator runs', 'while it is gone'])(
    'the definition first, %s: volumes and Secrets stay',
    async (when) => {
      const before = await stage.uidsOfData(shop);
      expect(Object.keys(before).filter((name) => name.startsWith('PersistentVolumeClaim/'))).not.toEqual([]);
      if (when === 'while it is gone') await stage.operator.kill();
      await stage.client.delete(CustomResourceDefinition, { name: definition });
      await stage.untilGone(CustomResourceDefinition, definition);
      if (when === 'while it is gone') await stage.operator.install();
      else await stage.operator.apply();
      await apply();
      await untilRunning();
      expect(await stage.uidsOfData(shop)).toMatchObject(before);
    },
  );

  it('the namespace of the resources first, while the operator is gone: it goes', async () => {
    await stage.operator.kill();
    await stage.client.delete(Namespace, { name: shop });
    await stage.untilGone(Namespace, shop);
  });
});
