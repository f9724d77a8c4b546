import { ConfigMap, Deployment, HorizontalPodAutoscaler, Ingress, Service, StatefulSet } from '@capstan/kube';
import { PrismCluster } from '@capstan/prism-operator';
import { describe, expect, it } from 'vitest';
import {
  handMade,
  handMadeWith,
  makeAdmin,
  makeByHand,
  makeIngress,
  makeMailbox,
  makeProxy,
  podsOf,
  whatRuns,
} from './hand-made.ts';
import { openPrismWorld, patiently, told, untilPhase, workloads } from './open-prism-world.ts';

describe('workloads that were made by hand', () => {
  it('become part of a cluster as they are, and nothing restarts', async () => {
    await using world = await openPrismWorld();
    await makeByHand(world);
    await world.settled();
    const before = await whatRuns(world);
    const routes = async () => [
      (await world.get(Service, 'prism-proxy'))?.spec,
      (await world.get(Ingress, 'prism-ingress'))?.spec,
    ];
    const led = await routes();
    await world.apply(PrismCluster, handMade());
    await untilPhase(world, 'prism', 'Running');
    await world.settled();
    expect(await whatRuns(world)).toEqual(before);
    expect(await workloads(world)).toEqual([
      ...['Deployment/prism-admin', 'Deployment/prism-proxy', 'StatefulSet/mailbox-runner'],
    ]);
    expect(await routes()).toEqual(led);
    expect(await world.list(Ingress)).toHaveLength(1);
    expect(await told(world, 'prism', 'Adopted')).toBe(
      'True KeptAsTheyAre: Everything is taken over. Kept as they are, but for what the spec says of them: prism-admin, prism-proxy, mailbox-runner.',
    );
    expect(await told(world, 'prism', 'AdminHealthy')).toContain('True OneLeader');
    const plain = await told(world, 'prism', 'DefaultCredentials');
    expect(plain).toContain('True InPlainSight');
    expect(plain).toContain('mailbox-runner (S3_ACCESS_KEY, S3_SECRET_KEY)');
    expect(plain).not.toContain('hush');
    const scaler = await world.get(HorizontalPodAutoscaler, 'prism-proxy-hpa');
    expect(scaler?.metadata.ownerReferences?.map(({ kind }) => kind)).toEqual(['PrismCluster']);
    expect(await world.list(HorizontalPodAutoscaler)).toHaveLength(1);

    await world.expectWrites(0, () => world.restartOperator());
    expect(await whatRuns(world)).toEqual(before);

    const proxies = await podsOf(world, 'prism-proxy');
    await world.edit(PrismCluster, 'prism', { spec: { admin: { image: 'local/prism-admin:2' } } });
    await world.eventually(async () => {
      const admin = await world.get(Deployment, 'prism-admin');
      expect(admin?.spec?.template.spec?.containers.map(({ image }) => image)).toEqual(['local/prism-admin:2']);
      expect(admin?.status).toMatchObject({ updatedReplicas: 1, availableReplicas: 1 });
    });
    await untilPhase(world, 'prism', 'Running');
    expect(await podsOf(world, 'prism-proxy')).toEqual(proxies);
    expect(await podsOf(world, 'mailbox-runner')).toEqual(before.filter((each) => each.startsWith('Pod mailbox')));
  }, 180_000);

  it('are put right in what the cluster says of them, in nothing else, and are made anew where somebody deletes them', async () => {
    await using world = await openPrismWorld();
    await makeByHand(world);
    await world.apply(PrismCluster, handMade());
    await untilPhase(world, 'prism', 'Running');
    const proxy = await world.get(Deployment, 'prism-proxy');
    const containers = proxy?.spec?.template.spec?.containers.map((each) => ({ ...each, image: 'local/other:1' }));
    await world.edit(Deployment, 'prism-proxy', { spec: { template: { spec: { containers } } } });
    await world.eventually(async () => {
      const found = await world.get(Deployment, 'prism-proxy');
      const images = found?.spec?.template.spec?.containers.map(({ name, image }) => `${name} ${image}`);
      expect(images).toEqual(['metrics-agent local/other:1', 'proxy local/prism-proxy:1']);
    });

    const claims = async () => (await whatRuns(world)).filter((each) => each.startsWith('Claim '));
    const before = await claims();
    await world.delete(Deployment, 'prism-admin');
    await world.eventually(async () => {
      const { selector, template } = (await world.get(Deployment, 'prism-admin'))?.spec ?? {};
      expect(selector?.matchLabels).toEqual({ app: 'prism-admin' });
      expect(template?.metadata?.labels).toMatchObject({ app: 'prism-admin', 'prism.io/part': 'admin' });
    });
    await untilPhase(world, 'prism', 'Running');
    await world.settled();
    expect(await claims()).toEqual(before);
    await world.expectWrites(0, () => world.restartOperator());
  }, 180_000);

  it('stay with another controller that has them, which is told, and go on without the cluster', async () => {
    await using world = await openPrismWorld();
    const holder = await world.apply(ConfigMap, { metadata: { name: 'holder' } });
    const owner = { apiVersion: 'v1', kind: 'ConfigMap', name: 'holder', uid: holder.metadata.uid, controller: true };
    await Promise.all([
      makeAdmin(world, { ownerReferences: [owner] }),
      ...[makeProxy(world), makeMailbox(world), makeIngress(world)],
    ]);
    const spec = async () =>
      (await world.get(Deployment, 'prism-admin'))?.metadata.managedFields?.map((each) => each.manager);
    await world.apply(PrismCluster, handMade());
    await world.eventually(async () => {
      expect(await told(world, 'prism', 'Adopted')).toContain(
        'False HeldByOthers: Deployment/prism-admin belongs to ConfigMap/holder',
      );
      expect(await told(world, 'prism', 'Ready')).toContain('ConflictingOwner');
    });
    expect(await spec()).not.toContain('prism-operator');

    await world.edit(Deployment, 'prism-admin', { metadata: { ownerReferences: null } });
    await untilPhase(world, 'prism', 'Running');
    const before = await whatRuns(world);
    const ref = { namespace: world.namespace, name: 'prism' };
    await world.admin.delete(PrismCluster, ref, { propagationPolicy: 'Orphan' });
    await world.eventually(async () => expect(await world.get(PrismCluster, 'prism')).toBeUndefined(), patiently);
    await world.settled();
    expect(await whatRuns(world)).toEqual(before);
    expect((await world.get(StatefulSet, 'mailbox-runner'))?.metadata.ownerReferences ?? []).toEqual([]);
  }, 180_000);

  it('are made anew around their volumes once that is asked for', async () => {
    await using world = await openPrismWorld();
    await makeByHand(world);
    await world.apply(PrismCluster, handMadeWith({ podTemplates: 'Replace' }));
    await world.eventually(async () => {
      const admin = await world.get(Deployment, 'prism-admin');
      const { metadata, spec } = admin?.spec?.template ?? {};
      expect(metadata?.labels).toMatchObject({ app: 'prism-admin', 'prism.io/part': 'admin' });
      expect(spec?.containers).toHaveLength(1);
      expect(spec?.volumes?.map(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName)).toEqual([
        'prism-admin-data',
      ]);
      const mailbox = await world.get(StatefulSet, 'mailbox-runner');
      const variables = mailbox?.spec?.template.spec?.containers.flatMap(({ env = [] }) => env.map(({ name }) => name));
      expect(variables).toEqual(['PRISM_ADMIN_URL']);
      expect(await told(world, 'prism', 'Adopted')).toContain('True Replaced');
    }, patiently);
    await untilPhase(world, 'prism', 'Running');
    await world.settled();
    await world.expectWrites(0, () => world.restartOperator());
  }, 180_000);
});
