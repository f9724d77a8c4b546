import { ConfigMap, Deployment, Service } from '@capstan/kube';
import { openWorld } from '@capstan/testkit';
import { describe, expect, it } from 'vitest';
import { SampleApp } from './api/v1alpha1/sample-app.ts';
import { sampleAppController } from './controller.ts';

/** Each test has a namespace of its own on a real API server, with this operator at work in it. */
const open = () => openWorld({ controllers: [sampleAppController()] });

const shop = { metadata: { name: 'shop' }, spec: { image: 'web:1', replicas: 2, settings: { COLOUR: 'red' } } };

describe('a sample app', () => {
  it('becomes Ready, with one write per child', async () => {
    await using world = await open();
    await world.apply(SampleApp, shop);
    await world.untilCondition(SampleApp, 'shop', 'Ready');
    const { status } = (await world.get(SampleApp, 'shop')) ?? {};
    expect(status?.readyReplicas).toBe(2);
    const children = world.writes().filter(({ resource }) => resource !== 'sampleapps');
    expect(children.map(({ resource }) => resource).sort()).toEqual(['configmaps', 'deployments', 'services']);
  });

  it('rolls its pods when a setting changes', async () => {
    await using world = await open();
    await world.apply(SampleApp, shop);
    await world.untilCondition(SampleApp, 'shop', 'Ready');
    const before = await world.get(Deployment, 'shop');
    await world.edit(SampleApp, 'shop', { spec: { settings: { COLOUR: 'blue' } } });
    await world.eventually(async () => {
      const after = await world.get(Deployment, 'shop');
      expect(after?.metadata.generation).toBeGreaterThan(before?.metadata.generation ?? 0);
    });
    await world.untilCondition(SampleApp, 'shop', 'Ready');
    expect((await world.get(ConfigMap, 'shop-settings'))?.data).toEqual({ COLOUR: 'blue' });
  });

  it('is put right when somebody changes or deletes a child, with one write each', async () => {
    await using world = await open();
    await world.apply(SampleApp, shop);
    await world.untilCondition(SampleApp, 'shop', 'Ready');
    await world.expectWrites({ 'patch services': 1 }, () =>
      world.edit(Service, 'shop', { spec: { ports: [{ name: 'http', port: 80, targetPort: 1 }] } }),
    );
    await world.expectWrites({ 'patch configmaps': 1 }, () => world.delete(ConfigMap, 'shop-settings'));
  });

  it('costs nothing when nothing changes, also after a restart of the operator', async () => {
    await using world = await open();
    await world.apply(SampleApp, shop);
    await world.untilCondition(SampleApp, 'shop', 'Ready');
    await world.expectWrites(0, () => world.restartOperator());
  });

  it('says what is wrong when it is refused, and changes nothing', async () => {
    await using world = await open();
    await world.apply(SampleApp, { metadata: { name: 'shop' }, spec: { image: 'web:latest' } });
    const { reason, message } = await world.untilCondition(SampleApp, 'shop', 'Stalled');
    expect([reason, message]).toEqual(['ImageNotPinned', expect.stringContaining('spec.image: "web:latest"')]);
    expect(await world.list(Deployment)).toEqual([]);
    await world.eventually(async () =>
      expect((await world.events(SampleApp, 'shop')).map((event) => event.reason)).toEqual(['ImageNotPinned']),
    );
  });

  it('is not Ready while its pods are not', async () => {
    await using world = await open();
    await world.podsAre('never-ready');
    await world.apply(SampleApp, shop);
    const { message } = await world.untilCondition(SampleApp, 'shop', 'Reconciling');
    expect(message).toContain('Deployment/shop');
    await world.podsAre('ready');
    await world.untilCondition(SampleApp, 'shop', 'Ready');
  });
});
