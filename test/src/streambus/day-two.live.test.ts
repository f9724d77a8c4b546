import {
  ConfigMap,
  CustomResourceDefinition,
  Event,
  PersistentVolumeClaim,
  PodDisruptionBudget,
  type ResourceType,
  Service,
  StatefulSet,
} from '@capstan/kube';
import { StreamBusCluster } from '@capstan/streambus-operator';
import { eventually, writeVerbs } from '@capstan/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applyCluster, cluster, type RunningOperator, type Stage, setStage } from './stage.ts';

const childTypes: readonly ResourceType[] = [ConfigMap, Service, StatefulSet, PodDisruptionBudget];

let stage: Stage;
let operator: RunningOperator;

beforeAll(async () => {
  stage = await setStage();
  operator = await stage.startOperator();
});

afterAll(async () => {
  await operator?.stop();
  await stage?.[Symbol.asyncDispose]();
});

function read(namespace: string, name: string): Promise<StreamBusCluster | undefined> {
  return stage.admin.get(StreamBusCluster, { namespace, name });
}

async function condition(namespace: string, name: string, type: string) {
  return (await read(namespace, name))?.status?.conditions?.find((each) => each.type === type);
}

async function untilReady(namespace: string, name: string): Promise<void> {
  await eventually(async () => expect((await condition(namespace, name, 'Ready'))?.status).toBe('True'), {
    timeout: 60_000,
  });
}

async function eventReasons(namespace: string): Promise<readonly string[]> {
  const { items } = await stage.admin.list(Event, { namespace });
  return items.filter(({ regarding }) => regarding?.kind === 'StreamBusCluster').map(({ reason }) => reason ?? '');
}

describe('a running cluster', () => {
  it('follows an edit of image, resources, log level and pod labels', async () => {
    const namespace = await stage.namespace('edits');
    await applyCluster(stage.admin, cluster(namespace, 'bus'));
    await untilReady(namespace, 'bus');
    const edit = {
      image: { tag: '1.0.2' },
      resources: { requests: { cpu: '70m', memory: '96Mi' } },
      config: { logLevel: 'debug' },
      podLabels: { team: 'payments' },
    };
    await applyCluster(stage.admin, cluster(namespace, 'bus', edit));
    await eventually(async () => {
      const set = await stage.admin.get(StatefulSet, { namespace, name: 'bus' });
      const broker = set?.spec?.template.spec?.containers.find(({ name }) => name === 'streambus');
      expect(broker?.image).toMatch(/:1\.0\.2$/);
      expect(broker?.resources?.requests).toEqual({ cpu: '70m', memory: '96Mi' });
      expect(set?.spec?.template.metadata?.labels?.['team']).toBe('payments');
      const config = await stage.admin.get(ConfigMap, { namespace, name: 'bus-config' });
      expect(config?.data?.['bus-0.yaml']).toMatch(/level: "?debug/);
    });
    await untilReady(namespace, 'bus');
  });

  it('refuses another number of replicas, says why, and goes on as it was', async () => {
    const namespace = await stage.namespace('scaling');
    await applyCluster(stage.admin, cluster(namespace, 'bus'));
    await untilReady(namespace, 'bus');
    await expect(applyCluster(stage.admin, cluster(namespace, 'bus', { replicas: 5 }))).rejects.toThrow(
      /spec\.replicas: .*cannot be changed/,
    );
    const set = await stage.admin.get(StatefulSet, { namespace, name: 'bus' });
    expect(set?.spec?.replicas).toBe(3);
    expect((await condition(namespace, 'bus', 'Ready'))?.status).toBe('True');
  });

  it('gets every kind of child back that somebody deletes', async () => {
    const namespace = await stage.namespace('deletions');
    await applyCluster(stage.admin, cluster(namespace, 'bus', { replicas: 1 }));
    await untilReady(namespace, 'bus');
    const children: readonly (readonly [ResourceType, string])[] = [
      [ConfigMap, 'bus-config'],
      [Service, 'bus'],
      [Service, 'bus-headless'],
      [PodDisruptionBudget, 'bus'],
      [StatefulSet, 'bus'],
    ];
    for (const [type, name] of children) {
      const before = await stage.admin.get(type, { namespace, name }, { metadataOnly: true });
      expect(before, `${type.kind}/${name}`).toBeDefined();
      await stage.admin.delete(type, { namespace, name });
      await eventually(async () => {
        const after = await stage.admin.get(type, { namespace, name }, { metadataOnly: true });
        expect(after?.metadata.uid).toBeDefined();
        expect(after?.metadata.uid).not.toBe(before?.metadata.uid);
      });
    }
    await eventually(async () => expect(await eventReasons(namespace)).toContain('DriftRepaired'));
  });

  it('takes everything with it when it is deleted, but its volumes', async () => {
    const namespace = await stage.namespace('farewell');
    await applyCluster(stage.admin, cluster(namespace, 'bus', { replicas: 1 }));
    await untilReady(namespace, 'bus');
    await stage.admin.delete(StreamBusCluster, { namespace, name: 'bus' });
    await eventually(
      async () => {
        const owned = await Promise.all(
          childTypes.map((type) => stage.admin.list(type, { namespace, metadataOnly: true })),
        );
        const names = owned.flatMap(({ items }) => items.map(({ metadata }) => metadata.name));
        expect(names.filter((name) => name !== 'kube-root-ca.crt')).toEqual([]);
      },
      // The garbage collector looks for new kinds every 30 s, and backs off from those it does not know yet.
      { timeout: 110_000 },
    );
    const claims = await stage.admin.list(PersistentVolumeClaim, { namespace });
    expect(claims.items.map(({ metadata }) => metadata.name).sort()).toEqual(['data-bus-0', 'raft-data-bus-0']);
  }, 120_000);

  it('never takes over an object that was there before it', async () => {
    const namespace = await stage.namespace('strangers');
    const config: ConfigMap = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { namespace, name: 'bus-config' },
      data: { mine: 'yes' },
    };
    await stage.admin.create(ConfigMap, config);
    await applyCluster(stage.admin, cluster(namespace, 'bus', { replicas: 1 }));
    await eventually(async () =>
      expect((await condition(namespace, 'bus', 'Ready'))?.message).toContain('ConfigMap/bus-config'),
    );
    const untouched = await stage.admin.get(ConfigMap, { namespace, name: 'bus-config' });
    expect(untouched?.data).toEqual({ mine: 'yes' });
    await eventually(async () => expect(await eventReasons(namespace)).toContain('ConflictingOwner'));
  });
});

describe('an invalid cluster that got past admission', () => {
  it('gets a condition and an event, changes no child, and stops no other cluster', async () => {
    const namespace = await stage.namespace('invalid');
    await applyCluster(stage.admin, cluster(namespace, 'good', { replicas: 1 }));
    await applyCluster(stage.admin, cluster(namespace, 'bad', { replicas: 1 }));
    await untilReady(namespace, 'good');
    await untilReady(namespace, 'bad');
    const position = stage.audit.position();
    await removeRules();
    await stage.admin.patch(
      StreamBusCluster,
      { namespace, name: 'bad' },
      { kind: 'merge', body: { spec: { config: { port: 70_000 }, replicas: 'many' } } },
      { fieldValidation: 'Ignore' },
    );

    await eventually(async () => {
      const ready = await condition(namespace, 'bad', 'Ready');
      expect(ready?.status).toBe('False');
      expect(ready?.message).toContain('spec.replicas');
    });
    await eventually(async () => expect(await eventReasons(namespace)).toContain('SpecInvalid'));
    await applyCluster(stage.admin, cluster(namespace, 'other', { replicas: 1 }));
    await untilReady(namespace, 'other');
    const toChildrenOfBad = stage.audit
      .since(position, { user: namespace, verbs: writeVerbs, except: ['events', 'streambusclusters'] })
      .filter(({ name }) => name.startsWith('bad'));
    expect(toChildrenOfBad).toEqual([]);
  });
});

/** What an administrator's careless replacement of the CRD looks like: every object is accepted. */
async function removeRules(): Promise<void> {
  const open = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
  const crd = StreamBusCluster.manifest();
  const versions = crd.spec.versions.map((version) => ({
    ...version,
    subresources: { status: {} },
    schema: { openAPIV3Schema: { type: 'object', properties: { spec: open, status: open } } },
  }));
  await stage.admin.apply(
    CustomResourceDefinition,
    { ...crd, spec: { ...crd.spec, versions } },
    { fieldManager: 'careless', force: true },
  );
  await eventually(
    async () => {
      const invalid = cluster('default', 'probe', { replicas: 'many' });
      await stage.admin.create(StreamBusCluster, invalid as StreamBusCluster, {
        dryRun: true,
        fieldValidation: 'Ignore',
      });
    },
    { timeout: 30_000 },
  );
}
