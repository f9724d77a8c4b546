import { Deployment, NetworkPolicy, PersistentVolumeClaim, Secret, StatefulSet } from '@capstan/kube';
import { PrismCluster } from '@capstan/prism-operator';
import type { World } from '@capstan/testkit';
import { describe, expect, it } from 'vitest';
import {
  bringUp,
  openPrismWorld,
  patiently,
  podUids,
  told,
  untilPhase,
  type WantedPrism,
  wantedPrism,
  workloads,
} from './open-prism-world.ts';

/** What becomes of the claims of a StatefulSet when it is deleted. */
async function claimPolicy(world: World, name: string): Promise<string | undefined> {
  return (await world.get(StatefulSet, name))?.spec?.persistentVolumeClaimRetentionPolicy?.whenDeleted;
}

describe('data that is to stay', () => {
  const letters = { name: 'letters', runner: 'keyvalue', backends: ['redis' as const], storage: {} };
  const wanted = (spec: Partial<WantedPrism['spec']>): WantedPrism =>
    wantedPrism('prism', { backends: { redis: { existingSecret: 'cache' }, nats: {} }, ...spec });

  it('stays from when the policy says so, also where nothing else of a StatefulSet can be changed', async () => {
    await using world = await openPrismWorld();
    const keep = (stringData: Readonly<Record<string, string>>) =>
      world.apply(Secret, { metadata: { name: 'cache' }, stringData });
    await keep({ password: 'a long password' });
    const patterns = [{ ...letters, type: 'StatefulSet' as const }];
    await bringUp(world, wanted({ patterns, deletionPolicy: 'Delete' }));
    const policies = () => Promise.all(['prism-redis', 'prism-letters-runner'].map((name) => claimPolicy(world, name)));
    expect(await policies()).toEqual(['Delete', 'Delete']);
    const pods = () => Promise.all(['redis', 'letters-runner'].map((component) => podUids(world, component)));
    const before = await pods();

    await keep({ password: '' });
    await world.eventually(async () => expect(await told(world, 'prism', 'Ready')).toContain('SecretInvalid'));
    await world.apply(
      PrismCluster,
      wanted({ patterns: [{ ...patterns[0], ...letters, type: 'StatefulSet', replicas: 2 }] }),
    );
    await world.eventually(async () => expect(await policies()).toEqual(['Retain', 'Retain']));
    await world.settled();
    expect(await pods()).toEqual(before);
  }, 180_000);

  it('is kept from going with a pattern that becomes a Deployment', async () => {
    await using world = await openPrismWorld();
    const of = (type: 'Deployment' | 'StatefulSet', deletionPolicy: 'Delete' | 'Retain') =>
      wantedPrism('prism', { deletionPolicy, patterns: [{ ...letters, type }] });
    const claims = async () => (await world.list(PersistentVolumeClaim)).map(({ metadata }) => metadata.name);
    await bringUp(world, of('StatefulSet', 'Delete'));
    await world.apply(PrismCluster, of('Deployment', 'Delete'));
    await untilPhase(world, 'prism', 'Failed');
    expect(await told(world, 'prism', 'Accepted')).toContain('False StorageChangeRefused: spec.patterns[letters].type');
    await world.apply(PrismCluster, of('Deployment', 'Retain'));
    await world.eventually(
      async () => expect(await workloads(world)).not.toContain('StatefulSet/prism-letters-runner'),
      patiently,
    );
    await world.eventually(async () => expect(await workloads(world)).toContain('Deployment/prism-letters-runner'));
    await world.settled();
    expect(await claims()).toContain('data-prism-letters-runner-0');
  }, 180_000);
});

describe('the number of proxies', () => {
  const scaled = (enabled: boolean, proxy: Partial<NonNullable<WantedPrism['spec']['proxy']>> = {}) =>
    wantedPrism('prism', {
      patterns: [],
      proxy: { replicas: 2, autoscaling: { enabled, minReplicas: 2, maxReplicas: 10 }, ...proxy },
    });

  it("is the autoscaler's while there is one, whatever else happens, and the spec's before and after", async () => {
    await using world = await openPrismWorld();
    const replicas = async () => (await world.get(Deployment, 'prism-prism-proxy'))?.spec?.replicas;
    await bringUp(world, scaled(false));
    expect(await replicas()).toBe(2);

    await world.apply(PrismCluster, scaled(true));
    await world.settled();
    expect(await replicas()).toBe(2);
    const at = { namespace: world.namespace, name: 'prism-prism-proxy' };
    // As the controller of autoscalers does, which has no load to measure here.
    await world.admin.setScale(Deployment, at, 6, { fieldManager: 'kube-controller-manager' });
    await untilPhase(world, 'prism', 'Running');
    await world.restartOperator();
    await world.apply(PrismCluster, scaled(true, { podLabels: { team: 'shop' } }));
    await world.eventually(async () => {
      const found = await world.get(Deployment, 'prism-prism-proxy');
      expect(found?.spec?.template.metadata?.labels).toMatchObject({ team: 'shop' });
      expect(found?.spec?.replicas).toBe(6);
    });

    await world.apply(PrismCluster, scaled(false, { podLabels: { team: 'shop' } }));
    await world.eventually(async () => expect(await replicas()).toBe(2), patiently);
  }, 180_000);
});

describe('another login for a postgres that runs', () => {
  it('is held back until the server has it too, as its owner says', async () => {
    await using world = await openPrismWorld();
    const keep = (password: string) =>
      world.apply(Secret, { metadata: { name: 'db' }, stringData: { username: 'app', password } });
    await keep('a first long password');
    const patterns = [{ name: 'carts', image: 'mine:1', backends: ['postgres' as const] }];
    await bringUp(world, wantedPrism('prism', { backends: { postgres: { existingSecret: 'db' } }, patterns }));
    const pods = () => Promise.all(['postgres', 'carts-runner'].map((component) => podUids(world, component)));
    const before = await pods();

    await keep('a second long password');
    await world.eventually(async () => expect(await told(world, 'prism', 'Ready')).toContain('CredentialsChanged'));
    await world.settled();
    expect(await pods()).toEqual(before);
    const message = await told(world, 'prism', 'BackendsHealthy');
    const [, value = ''] = /prism\.io\/login-changed=([^ ]+)\.$/.exec(message ?? '') ?? [];

    await world.edit(PrismCluster, 'prism', { metadata: { annotations: { 'prism.io/login-changed': value } } });
    await world.eventually(async () => {
      const [, carts] = await pods();
      expect(carts).toHaveLength(1);
      expect(carts).not.toEqual(before[1]);
    }, patiently);
    await untilPhase(world, 'prism', 'Running');
    const text = JSON.stringify(await world.get(PrismCluster, 'prism'));
    expect(text).not.toMatch(/first long|second long/);
  }, 180_000);
});

describe('a backend that is disabled while a pattern moves away from it', () => {
  it('stays, and can be reached, until the last pod that was made for it is gone', async () => {
    await using world = await openPrismWorld();
    const carts = (backend: 'redis' | 'nats') => [{ name: 'carts', image: 'mine:1', backends: [backend] }];
    await bringUp(world, wantedPrism('prism', { patterns: carts('redis') }));
    await world.newPodsAre('never-ready');
    await world.apply(
      PrismCluster,
      wantedPrism('prism', { patterns: carts('nats'), backends: { redis: { enabled: false }, nats: {} } }),
    );
    await world.eventually(async () => {
      const found = await world.get(Deployment, 'prism-carts-runner');
      expect(found?.metadata.annotations).toMatchObject({
        ...{ 'prism.io/backends': 'nats', 'prism.io/former-backends': 'redis' },
      });
    });
    await world.settled();
    expect(await workloads(world)).toContain('StatefulSet/prism-redis');
    expect(JSON.stringify((await world.get(NetworkPolicy, 'prism-redis'))?.spec)).toContain('carts-runner');

    await world.podsAre('ready');
    await world.eventually(async () => {
      expect(await workloads(world)).not.toContain('StatefulSet/prism-redis');
      expect(await world.get(NetworkPolicy, 'prism-redis')).toBeUndefined();
    }, patiently);
    await untilPhase(world, 'prism', 'Running');
  }, 180_000);
});
