import { customResource, type ResourceOf, Type } from '@capstan/crd';
import {
  ConfigMap,
  CustomResourceDefinition,
  createClient,
  Event,
  type KubeClient,
  loadKubeConfig,
  Namespace,
  PersistentVolumeClaim,
} from '@capstan/kube';
import { AuditLog, eventually, never, untilServed, writeVerbs } from '@capstan/testkit';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createLogger } from '../log.ts';
import { Manager } from '../manager.ts';
import { controller } from './controller.ts';
import type { Plan } from './plan.ts';
import { owned } from './reconciler.ts';

/** The smallest kind that shows steps, pruning and status: it makes what its spec lists. */
const Bundle = customResource({
  group: 'test.capstan.dev',
  version: 'v1',
  kind: 'Bundle',
  plural: 'bundles',
  description: 'Makes a ConfigMap per entry.',
  spec: Type.Object({
    first: Type.Array(Type.String({ maxLength: 30 }), { maxItems: 5, description: 'Made first.' }),
    gate: Type.Boolean({ description: 'Whether the first step counts as ready.' }),
    second: Type.Array(Type.String({ maxLength: 30 }), { maxItems: 5, description: 'Made once the gate is open.' }),
    value: Type.String({ maxLength: 30, description: 'What they hold.' }),
    key: Type.Optional(Type.String({ maxLength: 30, description: 'A further key of the first ConfigMap.' })),
    claim: Type.Optional(Type.Boolean({ description: 'Whether to want a volume.' })),
  }),
  status: Type.Object({
    made: Type.Optional(Type.Integer({ description: 'How many children there are.' })),
    waiting: Type.Optional(Type.String({ description: 'What the next step waits for.' })),
  }),
});
type Bundle = ResourceOf<typeof Bundle>;

/** A kind of its own, so that the managers of two tests do not meet. */
const Note = customResource({
  group: 'test.capstan.dev',
  version: 'v1',
  kind: 'Note',
  plural: 'notes',
  description: 'Makes one ConfigMap.',
  spec: Type.Object({}, { description: 'Nothing.' }),
  status: Type.Object({}),
});
type Note = ResourceOf<typeof Note>;

const note = (namespace: string): Note => ({
  apiVersion: 'test.capstan.dev/v1',
  kind: 'Note',
  metadata: { namespace, name: 'note' },
  spec: {},
});

const text = (name: string, value: string): ConfigMap => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name },
  data: { value },
});

function withKey(config: ConfigMap, key: string | undefined): ConfigMap {
  return key === undefined ? config : { ...config, data: { ...config.data, [key]: 'x' } };
}

function planOf({ spec, metadata }: Bundle): Plan {
  const claim = {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: `${metadata.name}-data` },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  };
  return {
    steps: [
      {
        name: 'first',
        objects: [
          ...spec.first.map((name) => withKey(text(name, spec.value), spec.key)),
          ...(spec.claim === true ? [claim] : []),
        ],
        waitingFor: () => (spec.gate ? undefined : { reason: 'GateClosed', message: 'the gate is closed' }),
      },
      { name: 'second', objects: spec.second.map((name) => text(name, spec.value)) },
    ],
  };
}

const bundles = controller<Bundle>(Bundle, {
  name: 'bundle-operator',
  owns: [owned(ConfigMap), owned(PersistentVolumeClaim)],
  reconcile: async (bundle, pass) => {
    const outcome = await pass.apply(planOf(bundle));
    const made = outcome.children.filter(({ action }) => action !== 'Held').length;
    return pass.report({ status: { made, ...(outcome.waiting && { waiting: outcome.waiting.message }) } });
  },
});

let client: KubeClient;
const stop = new AbortController();
let ended: Promise<void> = Promise.resolve();

beforeAll(async () => {
  const connection = await loadKubeConfig({ path: inject('kubeconfig') });
  client = createClient(connection);
  await client.apply(CustomResourceDefinition, Bundle.manifest(), { fieldManager: 'test', force: true });
  await client.apply(CustomResourceDefinition, Note.manifest(), { fieldManager: 'test', force: true });
  await untilServed(client, Bundle, bundle('default', { first: [] }), AbortSignal.timeout(30_000));
  await untilServed(client, Note, note('default'), AbortSignal.timeout(30_000));
  const manager = new Manager({ connection, controllers: [bundles], log: createLogger({ level: 'error' }) });
  ended = manager.run(stop.signal);
});

afterAll(async () => {
  stop.abort();
  await ended;
  await client?.close();
});

function bundle(namespace: string, spec: Partial<Bundle['spec']>): Bundle {
  const whole = { first: ['one'], gate: true, second: [], value: 'a', ...spec };
  return { apiVersion: 'test.capstan.dev/v1', kind: 'Bundle', metadata: { namespace, name: 'bundle' }, spec: whole };
}

function want(namespace: string, spec: Partial<Bundle['spec']>): Promise<Bundle> {
  return client.apply(Bundle, bundle(namespace, spec), { fieldManager: 'a-user', force: true });
}

async function inNamespace(name: string): Promise<string> {
  const namespace = `runtime-${name}`;
  await client.apply(
    Namespace,
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
    { fieldManager: 'test' },
  );
  return namespace;
}

async function valuesIn(namespace: string): Promise<Readonly<Record<string, string | undefined>>> {
  const { items } = await client.list(ConfigMap, { namespace });
  const ours = items.filter(({ metadata }) => metadata.name !== 'kube-root-ca.crt');
  return Object.fromEntries(ours.map(({ metadata, data }) => [metadata.name, data?.['value']]));
}

async function statusIn(namespace: string): Promise<Bundle['status']> {
  return (await client.get(Bundle, { namespace, name: 'bundle' }))?.status;
}

describe('a plan', () => {
  it('makes a later step only when the earlier one is ready', async () => {
    const namespace = await inNamespace('steps');
    await want(namespace, { first: ['one'], second: ['two'], gate: false });
    await eventually(async () => expect(await statusIn(namespace)).toEqual({ made: 1, waiting: 'the gate is closed' }));
    expect(await valuesIn(namespace)).toEqual({ one: 'a' });
    await want(namespace, { first: ['one'], second: ['two'], gate: true });
    await eventually(async () => expect(await valuesIn(namespace)).toEqual({ one: 'a', two: 'a' }));
    await eventually(async () => expect(await statusIn(namespace)).toEqual({ made: 2 }));
  });

  it('puts a later step right although the earlier one is not ready, but holds a change of it back', async () => {
    const namespace = await inNamespace('corrections');
    await want(namespace, { second: ['two'] });
    await eventually(async () => expect(await valuesIn(namespace)).toEqual({ one: 'a', two: 'a' }));
    await want(namespace, { second: ['two'], gate: false, value: 'b' });
    await eventually(async () => expect((await valuesIn(namespace))['one']).toBe('b'));
    await client.delete(ConfigMap, { namespace, name: 'one' });
    await client.patch(ConfigMap, { namespace, name: 'two' }, { kind: 'merge', body: { data: { value: 'x' } } });
    await eventually(async () => expect((await valuesIn(namespace))['one']).toBe('b'));
    // The body of the second step has changed as a whole, so its correction would carry the change that must wait.
    expect((await valuesIn(namespace))['two']).toBe('x');
    await want(namespace, { second: ['two'], gate: true, value: 'b' });
    await eventually(async () => expect(await valuesIn(namespace)).toEqual({ one: 'b', two: 'b' }));
  });

  it('restores a deleted object of a later step although the earlier one is not ready', async () => {
    const namespace = await inNamespace('restores');
    await want(namespace, { second: ['two'] });
    await eventually(async () => expect(await valuesIn(namespace)).toEqual({ one: 'a', two: 'a' }));
    await want(namespace, { second: ['two'], gate: false });
    await eventually(async () => expect((await statusIn(namespace))?.waiting).toBe('the gate is closed'));
    await client.delete(ConfigMap, { namespace, name: 'two' });
    await eventually(async () => expect(await valuesIn(namespace)).toEqual({ one: 'a', two: 'a' }));
  });

  it('prunes what it no longer names, never what belongs to others, and never a volume claim', async () => {
    const namespace = await inNamespace('pruning');
    const foreign: ConfigMap = { ...text('foreign', 'theirs'), metadata: { namespace, name: 'foreign' } };
    await client.create(ConfigMap, foreign);
    await want(namespace, { first: ['one', 'two'], claim: true });
    await eventually(async () => expect(await valuesIn(namespace)).toEqual({ one: 'a', two: 'a', foreign: 'theirs' }));
    await eventually(async () =>
      expect((await client.list(PersistentVolumeClaim, { namespace })).items).toHaveLength(1),
    );
    await want(namespace, { first: ['two'], claim: false });
    await eventually(async () => expect(await valuesIn(namespace)).toEqual({ two: 'a', foreign: 'theirs' }));
    expect((await client.list(PersistentVolumeClaim, { namespace })).items).toHaveLength(1);
  });

  it('never prunes what somebody else put under its resource', async () => {
    const namespace = await inNamespace('add-ons');
    const made = await want(namespace, {});
    await eventually(async () => expect(await valuesIn(namespace)).toEqual({ one: 'a' }));
    const original = await client.get(ConfigMap, { namespace, name: 'one' });
    // As with "kubectl get -o yaml | sed | kubectl apply": owner reference and seal are copied, our field records are not.
    const { labels, annotations, ownerReferences } = original?.metadata ?? {};
    const metadata = {
      namespace,
      name: 'copy',
      ...(labels && { labels }),
      ...(annotations && { annotations }),
      ...(ownerReferences && { ownerReferences }),
    };
    await client.create(ConfigMap, { ...text('copy', 'theirs'), metadata });
    await want(namespace, { value: 'b' });
    await eventually(async () => expect(await valuesIn(namespace)).toEqual({ one: 'b', copy: 'theirs' }));
    expect(made.metadata.uid).toBe(ownerReferences?.[0]?.uid);
  });

  it('is refused at the cost of a few requests, not again and again, when the server will not have a change', async () => {
    const namespace = await inNamespace('refusals');
    await want(namespace, {});
    await eventually(async () => expect(await valuesIn(namespace)).toEqual({ one: 'a' }));
    // Beside a field of somebody else, so that an adoption is tried; the new key is one that no ConfigMap may have.
    await client.patch(ConfigMap, { namespace, name: 'one' }, { kind: 'merge', body: { data: { theirs: 'x' } } });
    const audit = new AuditLog(inject('auditLog'));
    const start = audit.position();
    await want(namespace, { key: 'no such key!' });
    const writes = () => audit.since(start, { namespace, resource: 'configmaps', verbs: writeVerbs }).length;
    await eventually(() => expect(writes()).toBeGreaterThan(0));
    await never(() => expect(writes()).toBeGreaterThan(10), { during: 2_000, interval: 250 });
    await want(namespace, { value: 'c' });
    await eventually(async () => expect((await valuesIn(namespace))['one']).toBe('c'));
  });

  it('takes a child back whose owner reference somebody removed', async () => {
    const namespace = await inNamespace('orphans');
    await want(namespace, {});
    await eventually(async () => expect(await valuesIn(namespace)).toEqual({ one: 'a' }));
    await client.patch(
      ConfigMap,
      { namespace, name: 'one' },
      { kind: 'merge', body: { metadata: { ownerReferences: null } } },
    );
    await eventually(async () => {
      const child = await client.get(ConfigMap, { namespace, name: 'one' });
      expect(child?.metadata.ownerReferences?.map(({ kind }) => kind)).toEqual(['Bundle']);
    });
  });

  it('goes on by itself when a stranger that held a name has gone', async () => {
    const namespace = await inNamespace('strangers');
    await client.create(ConfigMap, { ...text('one', 'theirs'), metadata: { namespace, name: 'one' } });
    await want(namespace, {});
    await eventually(async () => {
      const { items } = await client.list(Event, { namespace });
      expect(items.map(({ reason }) => reason)).toContain('ConflictingOwner');
    });
    expect(await valuesIn(namespace)).toEqual({ one: 'theirs' });
    await client.delete(ConfigMap, { namespace, name: 'one' });
    await eventually(async () => expect(await valuesIn(namespace)).toEqual({ one: 'a' }));
  });

  it('puts the status right when somebody else writes it', async () => {
    const namespace = await inNamespace('status');
    await want(namespace, {});
    await eventually(async () => expect(await statusIn(namespace)).toEqual({ made: 1 }));
    const forged = { kind: 'merge' as const, body: { status: { made: 99 } } };
    await client.patch(Bundle, { namespace, name: 'bundle' }, forged, { subresource: 'status' });
    await eventually(async () => expect(await statusIn(namespace)).toEqual({ made: 1 }));
  });

  it('stands back from a manager that keeps taking a field, and names it in an event', async () => {
    const namespace = await inNamespace('contests');
    await want(namespace, {});
    await eventually(async () => expect(await valuesIn(namespace)).toEqual({ one: 'a' }));
    for (const round of [1, 2, 3]) {
      await takeValue(namespace, `mine-${round}`);
      await eventually(async () => expect(await valuesIn(namespace)).toEqual({ one: 'a' }));
    }
    await takeValue(namespace, 'mine-at-last');
    await eventually(async () => {
      const { items } = await client.list(Event, { namespace });
      const contested = items.find(({ reason }) => reason === 'FieldContested');
      expect(contested?.note).toMatch(/^other-operator keeps changing \.data.* of ConfigMap\/one/);
    });
    expect(await valuesIn(namespace)).toEqual({ one: 'mine-at-last' });
  });

  it('makes the children anew when the resource was deleted and made again under its name', async () => {
    const namespace = await inNamespace('rebirth');
    const former = await want(namespace, {});
    await eventually(async () => expect(await valuesIn(namespace)).toEqual({ one: 'a' }));
    await client.delete(Bundle, { namespace, name: 'bundle' }, { preconditions: { uid: former.metadata.uid } });
    const again = await want(namespace, { value: 'again' });
    // The child of the former one is not touched: it goes when it is collected, here by hand to save the wait.
    await client.delete(ConfigMap, { namespace, name: 'one' });
    await eventually(async () => {
      const child = await client.get(ConfigMap, { namespace, name: 'one' });
      expect([child?.data?.['value'], child?.metadata.ownerReferences?.[0]?.uid]).toEqual([
        'again',
        again.metadata.uid,
      ]);
    });
  });
});

describe('a manager told to work in one namespace', () => {
  it('leaves the resources of the others alone', async () => {
    const [here, elsewhere] = [await inNamespace('here'), await inNamespace('elsewhere')];
    const connection = await loadKubeConfig({ path: inject('kubeconfig') });
    const only = controller<Note>(Note, {
      name: 'note-operator',
      owns: [owned(ConfigMap)],
      reconcile: async (note, pass) => {
        await pass.apply({ steps: [{ name: 'text', objects: [text(note.metadata.name, 'noted')] }] });
        return pass.report({ status: {} });
      },
    });
    const end = new AbortController();
    const manager = new Manager({
      connection,
      controllers: [only],
      log: createLogger({ level: 'error' }),
      namespaces: [here],
    });
    const over = manager.run(end.signal);
    await client.create(Note, note(elsewhere));
    await client.create(Note, note(here));
    await eventually(async () => expect(await valuesIn(here)).toEqual({ note: 'noted' }));
    expect(await valuesIn(elsewhere)).toEqual({});
    end.abort();
    await over;
  });
});

function takeValue(namespace: string, value: string): Promise<ConfigMap> {
  const body: ConfigMap = { ...text('one', value), metadata: { namespace, name: 'one' } };
  return client.apply(ConfigMap, body, { fieldManager: 'other-operator', force: true });
}
