import { DruidIngestion, druidIngestions, druidRivals } from '@capstan/druid-operator';
import { CustomResourceDefinition, Namespace } from '@capstan/kube';
import { conditionOf } from '@capstan/runtime';
import { eventually, FakeDruid } from '@capstan/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kafkaIngestion } from '../druid/open-druid-world.ts';
import { patiently, UninstallStage } from './uninstall-stage.ts';

const definition = 'druidingestions.druid.apache.org';
const ours = 'druid.apache.org/ingestion';
const strangers = 'example.com/keep';
const shop = 'shop';

let druid: FakeDruid;
let stage: UninstallStage;

beforeAll(async () => {
  druid = await FakeDruid.start();
  stage = await UninstallStage.open({
    ...{ name: 'druid-operator', folder: 'druid', namespace: 'druid-operator-system' },
    ...{ controllers: [druidIngestions], rivals: druidRivals },
    flags: ['--allow-endpoint=127.0.0.1', '--allow-address=127.0.0.1', '--poll-seconds=1'],
  });
  await stage.namespace(shop);
});

afterAll(async () => {
  await stage?.[Symbol.asyncDispose]();
  await druid?.[Symbol.asyncDispose]();
});

/** Applies an ingestion whose supervisor has the name of its data source, and waits until it is Ready. */
async function bringUp(name: string, namespace: string): Promise<void> {
  const body = DruidIngestion.withDefaults({
    ...{ apiVersion: 'druid.apache.org/v1alpha1', kind: 'DruidIngestion', metadata: { namespace, name } },
    spec: { ...kafkaIngestion(name).spec, endpoint: { url: druid.url } },
  });
  await eventually(() => stage.client.apply(DruidIngestion, body, { fieldManager: 'a-user', force: true }), patiently);
  await untilReady(name, namespace);
}

async function untilReady(name: string, namespace: string): Promise<void> {
  await eventually(async () => {
    const found = await stage.client.get(DruidIngestion, { namespace, name });
    expect(conditionOf(found?.status?.conditions, 'Ready')?.status).toBe('True');
    expect(found?.metadata.finalizers).toContain(ours);
  }, patiently);
}

function supervisors(): readonly string[] {
  return druid.supervisors.map(({ id }) => id).sort();
}

/** The order of the scenes is that of the lines: each begins with what the one before left. */
describe('the Druid operator is uninstalled, and installed again', { timeout: 180_000 }, () => {
  it('operator first: its finalizer goes, those of others and all that is in Druid stay, and nothing is sent anew', async () => {
    await bringUp('clicks', shop);
    const ref = { namespace: shop, name: 'clicks' };
    const body = { metadata: { finalizers: [ours, strangers] } };
    await stage.client.patch(DruidIngestion, ref, { kind: 'merge', body });
    const dry = await stage.operator.uninstall('--dry-run');
    expect([dry.code, dry.stderr]).toEqual([0, '']);
    expect((await stage.client.get(DruidIngestion, ref))?.metadata.finalizers).toEqual([ours, strangers]);
    const { code, stdout, stderr } = await stage.operator.uninstall();
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^DruidIngestion shop\/clicks: druid\.apache\.org\/ingestion taken off; /m);
    expect((await stage.client.get(DruidIngestion, ref))?.metadata.finalizers).toEqual([strangers]);
    expect(supervisors()).toEqual(['clicks']);
    const before = druid.asked['POST /druid/indexer/v1/supervisor'];
    await stage.operator.install();
    await untilReady('clicks', shop);
    expect(druid.asked['POST /druid/indexer/v1/supervisor']).toBe(before);
    await stage.client.patch(DruidIngestion, ref, { kind: 'merge', body: { metadata: { finalizers: [ours] } } });
  });

  it('lets the operator end what is being deleted before it stops it', async () => {
    await bringUp('views', shop);
    const terminate = { method: 'POST', path: /\/supervisor\/views\/terminate/ };
    druid.inject({ on: terminate, times: 1, fault: { do: 'answer', status: 500, body: { error: 'not now' } } });
    await stage.client.delete(DruidIngestion, { namespace: shop, name: 'views' });
    const { code, stdout } = await stage.operator.uninstall();
    expect(code).toBe(0);
    expect(stdout).toContain('1 resource is being deleted: the operator is given 60 s for DruidIngestion shop/views');
    expect(stdout).toContain('all of them are gone');
    expect(supervisors()).toEqual(['clicks']);
    await stage.operator.install();
  });

  it('the namespace of the resources first, while the operator runs: it is cleaned up in Druid', async () => {
    await bringUp('bids', await stage.namespace('market'));
    await stage.client.delete(Namespace, { name: 'market' });
    await stage.untilGone(Namespace, 'market');
    expect(supervisors()).toEqual(['clicks']);
  });

  it('the namespace of the resources first, while the operator is gone: it waits, and uninstalling lets it go', async () => {
    await bringUp('asks', await stage.namespace('bank'));
    await stage.operator.kill();
    await stage.client.delete(Namespace, { name: 'bank' });
    await eventually(async () => {
      const found = await stage.client.get(DruidIngestion, { namespace: 'bank', name: 'asks' });
      expect(found?.metadata.deletionTimestamp).toBeDefined();
    }, patiently);
    const { code, stdout } = await stage.operator.uninstall('--timeout=20s', '--namespace=bank');
    expect(code).toBe(0);
    expect(stdout).toContain('DruidIngestion bank/asks');
    expect(stdout).not.toContain('shop/clicks');
    await stage.untilGone(Namespace, 'bank');
    expect(supervisors()).toEqual(['asks', 'clicks']);
  });

  it('the definition first, while the operator is gone: it waits, and uninstalling lets it go', async () => {
    await stage.client.delete(CustomResourceDefinition, { name: definition });
    await eventually(async () => {
      const found = await stage.client.get(DruidIngestion, { namespace: shop, name: 'clicks' });
      expect(found?.metadata.deletionTimestamp).toBeDefined();
    }, patiently);
    expect((await stage.operator.uninstall()).code).toBe(0);
    await stage.untilGone(CustomResourceDefinition, definition);
    expect((await stage.operator.uninstall()).code, 'without the definition').toBe(0);
    await stage.operator.install();
    await bringUp('clicks', shop);
    expect(supervisors()).toEqual(['asks', 'clicks']);
  });

  it('the definition first, while the operator runs: it is cleaned up in Druid, and the definition goes', async () => {
    await stage.client.delete(CustomResourceDefinition, { name: definition });
    await stage.untilGone(CustomResourceDefinition, definition);
    expect(supervisors()).toEqual(['asks']);
  });
});
