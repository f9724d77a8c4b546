import { startControlPlane } from '@capstan/controlplane';
import {
  ConfigMap,
  CustomResourceDefinition,
  type KubeObject,
  PersistentVolumeClaim,
  PodDisruptionBudget,
  type ResourceType,
  Service,
  StatefulSet,
} from '@capstan/kube';
import { StreamBusCluster } from '@capstan/streambus-operator';
import type { World } from '@capstan/testkit';
import { describe, expect, it } from 'vitest';
import { bringUp, openBusWorld, wantedCluster } from './open-bus-world.ts';

const childTypes: readonly ResourceType[] = [ConfigMap, Service, StatefulSet, PodDisruptionBudget];

async function eventReasons(world: World, name: string): Promise<readonly string[]> {
  return (await world.events(StreamBusCluster, name)).map(({ reason }) => reason);
}

describe('a running cluster', () => {
  it('follows an edit of image, resources, log level and pod labels', async () => {
    await using world = await openBusWorld();
    await bringUp(world, 'bus');
    const edit = {
      image: { tag: '1.0.2' },
      resources: { requests: { cpu: '70m', memory: '96Mi' } },
      config: { logLevel: 'debug' as const },
      podLabels: { team: 'payments' },
    };
    await world.apply(StreamBusCluster, wantedCluster('bus', edit));
    await world.eventually(async () => {
      const set = await world.get(StatefulSet, 'bus');
      const broker = set?.spec?.template.spec?.containers.find(({ name }) => name === 'streambus');
      expect(broker?.image).toMatch(/:1\.0\.2$/);
      expect(broker?.resources?.requests).toEqual({ cpu: '70m', memory: '96Mi' });
      expect(set?.spec?.template.metadata?.labels?.['team']).toBe('payments');
      const config = await world.get(ConfigMap, 'bus-config');
      expect(config?.data?.['bus-0.yaml']).toMatch(/level: "?debug/);
    });
    await world.untilCondition(StreamBusCluster, 'bus', 'Ready', 'True', { timeout: 60_000 });
  });

  it('refuses another number of replicas, says why, and goes on as it was', async () => {
    await using world = await openBusWorld();
    await bringUp(world, 'bus');
    await expect(world.apply(StreamBusCluster, wantedCluster('bus', { replicas: 5 }))).rejects.toThrow(
      /spec\.replicas: .*cannot be changed/,
    );
    expect((await world.get(StatefulSet, 'bus'))?.spec?.replicas).toBe(3);
    await world.untilCondition(StreamBusCluster, 'bus', 'Ready');
  });

  it('gets every kind of child back that somebody deletes', async () => {
    await using world = await openBusWorld();
    await bringUp(world, 'bus', { replicas: 1 });
    const children: readonly (readonly [ResourceType, string])[] = [
      [ConfigMap, 'bus-config'],
      [Service, 'bus'],
      [Service, 'bus-headless'],
      [PodDisruptionBudget, 'bus'],
      [StatefulSet, 'bus'],
    ];
    for (const [type, name] of children) {
      const before = await world.get(type, name);
      expect(before, `${type.kind}/${name}`).toBeDefined();
      await world.delete(type, name);
      await world.eventually(async () => {
        const after = await world.get(type, name);
        expect(after?.metadata.uid).toBeDefined();
        expect(after?.metadata.uid).not.toBe(before?.metadata.uid);
      });
    }
    await world.eventually(async () => expect(await eventReasons(world, 'bus')).toContain('DriftRepaired'));
  });

  it('is not Ready while its brokers are not, and says so', async () => {
    await using world = await openBusWorld();
    await world.podsAre('never-ready');
    await world.apply(StreamBusCluster, wantedCluster('bus', { replicas: 1 }));
    await world.untilCondition(StreamBusCluster, 'bus', 'Reconciling');
    await world.podsAre('ready');
    await world.untilCondition(StreamBusCluster, 'bus', 'Ready', 'True', { timeout: 60_000 });
    await world.podsAre('crash-loop');
    await world.untilCondition(StreamBusCluster, 'bus', 'Ready', 'False');
  });

  it('takes everything with it when it is deleted, but its volumes', async () => {
    await using world = await openBusWorld();
    await bringUp(world, 'bus', { replicas: 1 });
    await world.delete(StreamBusCluster, 'bus');
    await world.eventually(
      async () => {
        const left = await Promise.all(childTypes.map((type) => world.list<KubeObject>(type)));
        const names = left.flat().map(({ metadata }) => metadata.name);
        expect(names.filter((name) => name !== 'kube-root-ca.crt')).toEqual([]);
      },
      // The garbage collector looks for new kinds every 30 s, and backs off from those it does not know yet.
      { timeout: 110_000 },
    );
    const claims = await world.list(PersistentVolumeClaim);
    expect(claims.map(({ metadata }) => metadata.name).sort()).toEqual(['data-bus-0', 'raft-data-bus-0']);
  }, 120_000);

  it('never takes over an object that was there before it', async () => {
    await using world = await openBusWorld();
    await world.apply(ConfigMap, { metadata: { name: 'bus-config' }, data: { mine: 'yes' } });
    await world.apply(StreamBusCluster, wantedCluster('bus', { replicas: 1 }));
    await world.eventually(async () => {
      const ready = await world.untilCondition(StreamBusCluster, 'bus', 'Ready', 'False');
      expect(ready.message).toContain('ConfigMap/bus-config');
    });
    expect((await world.get(ConfigMap, 'bus-config'))?.data).toEqual({ mine: 'yes' });
    await world.eventually(async () => expect(await eventReasons(world, 'bus')).toContain('ConflictingOwner'));
  });
});

describe('an invalid cluster that got past admission', () => {
  it('gets a condition and an event, changes no child, and stops no other cluster', async () => {
    // A CRD without its rules would be a nuisance to every other world.
    await using plane = await startControlPlane({ nodes: 'kwok', audit: true });
    await using world = await openBusWorld({ plane });
    await bringUp(world, 'good', { replicas: 1 });
    await bringUp(world, 'bad', { replicas: 1 });
    await removeRules(world);
    const position = world.audit.position();
    await world.admin.patch(
      StreamBusCluster,
      { namespace: world.namespace, name: 'bad' },
      { kind: 'merge', body: { spec: { config: { port: 70_000 }, replicas: 'many' } } },
      { fieldValidation: 'Ignore' },
    );
    const ready = await world.untilCondition(StreamBusCluster, 'bad', 'Ready', 'False');
    expect(ready.message).toContain('spec.replicas');
    await world.eventually(async () => expect(await eventReasons(world, 'bad')).toContain('SpecInvalid'));
    await bringUp(world, 'other', { replicas: 1 });
    const toChildren = world.writes(position).filter(({ resource }) => resource !== 'streambusclusters');
    expect(toChildren.map(({ name }) => name)).toContain('other');
    expect(toChildren.filter(({ name }) => name.startsWith('bad'))).toEqual([]);
  }, 90_000);
});

/** What an administrator's careless replacement of the CRD looks like: every object is accepted. */
async function removeRules(world: World): Promise<void> {
  const open = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
  const crd = StreamBusCluster.manifest();
  const versions = crd.spec.versions.map((version) => ({
    ...version,
    subresources: { status: {} },
    schema: { openAPIV3Schema: { type: 'object', properties: { spec: open, status: open } } },
  }));
  await world.admin.apply(
    CustomResourceDefinition,
    { ...crd, spec: { ...crd.spec, versions } },
    { fieldManager: 'careless', force: true },
  );
  await world.eventually(
    async () => {
      const { group, version, kind } = StreamBusCluster;
      const metadata = { name: 'probe', namespace: 'default' };
      const invalid = { apiVersion: `${group}/${version}`, kind, metadata, spec: { replicas: 'many' } };
      // What admission lets through is tried, so what is sent need not be of the right type.
      await world.admin.create(StreamBusCluster, invalid as unknown as StreamBusCluster, {
        dryRun: true,
        fieldValidation: 'Ignore',
      });
    },
    { timeout: 30_000 },
  );
}
