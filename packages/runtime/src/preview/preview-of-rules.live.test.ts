import { customResource, Type } from '@capstan/crd';
import {
  ConfigMap,
  CustomResourceDefinition,
  createClient,
  type Draft,
  type KubeClient,
  type KubeObject,
  loadKubeConfig,
  Namespace,
  Service,
  StatefulSet,
} from '@capstan/kube';
import { eventually, untilServed } from '@capstan/testkit';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { child } from '../controller/child.ts';
import { type Controller, controller } from '../controller/controller.ts';
import type { Plan } from '../controller/plan.ts';
import { type ControllerOptions, type OwnedKind, optional, owned, ownedWithStatus } from '../controller/reconciler.ts';
import { createLogger } from '../log.ts';
import { Manager } from '../manager.ts';
import { preview } from './preview.ts';
import { Shelf, shelf } from './shelf.fixture.ts';

/** Of an add-on that no test cluster has. */
const Gadget = customResource({
  ...{ group: 'absent.capstan.dev', version: 'v1', kind: 'Gadget', plural: 'gadgets', description: 'Is not there.' },
  spec: Type.Object({}, { description: 'Nothing.' }),
  status: Type.Object({}),
});

let client: KubeClient;
const asUser = { fieldManager: 'a-user' };

beforeAll(async () => {
  client = createClient(await loadKubeConfig({ path: inject('kubeconfig') }));
  await client.apply(CustomResourceDefinition, Shelf.manifest(), { fieldManager: 'test', force: true });
  await untilServed(client, Shelf, shelf('default'), AbortSignal.timeout(30_000));
});

afterAll(() => client?.close());

/** A controller of shelves that makes what `planOf` says. */
function making(
  owns: readonly OwnedKind[],
  planOf: (shelf: Shelf) => Plan,
  more: Partial<ControllerOptions<Shelf>> = {},
): Controller {
  return controller<Shelf>(Shelf, {
    name: 'rules-operator',
    owns,
    reconcile: async (resource, pass) => {
      await pass.apply(planOf(resource));
      return pass.report({ status: {} });
    },
    ...more,
  });
}

async function inNamespace(name: string): Promise<string> {
  const body: Namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: `preview-${name}` } };
  await client.apply(Namespace, body, { fieldManager: 'test' });
  return body.metadata.name;
}

/** Has the operator bring a shelf in order, until a child is there. */
async function madeBy(operator: Controller, namespace: string, childName: string): Promise<Shelf> {
  const resource = await client.apply(Shelf, shelf(namespace), { fieldManager: 'a-user', force: true });
  const connection = await loadKubeConfig({ path: inject('kubeconfig') });
  const stop = new AbortController();
  const log = createLogger({ level: 'error' });
  const running = new Manager({ connection, controllers: [operator], namespaces: [namespace], log }).run(stop.signal);
  await eventually(async () => expect(await client.get(StatefulSet, { namespace, name: childName })).toBeDefined());
  stop.abort();
  await running;
  return (await client.get(Shelf, resource.metadata)) ?? resource;
}

const text = (name: string): ConfigMap => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } });

function ports(port: number): Service {
  const spec = { selector: { app: 'pods' }, ports: [{ name: 'raft', port }] };
  return { apiVersion: 'v1', kind: 'Service', metadata: { name: 'all' }, spec };
}

function pods(serviceName: string): StatefulSet {
  const labels = { app: 'pods' };
  return {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name: 'pods' },
    spec: {
      replicas: 2,
      serviceName,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: 'main', image: 'pause:1' }] } },
    },
  };
}

describe('a preview of what a controller is told to do otherwise', () => {
  it.each(['recreate', 'orphanAndRecreate'] as const)(
    'shows a child that has to be made anew: %s',
    async (onImmutable) => {
      const namespace = await inNamespace(`anew-${onImmutable.toLowerCase()}`);
      const operator = making([ownedWithStatus(StatefulSet)], ({ spec }) => ({
        steps: [{ name: 'pods', objects: [child(pods(spec.image.replace(':', '-')), { onImmutable })] }],
      }));
      const resource = await madeBy(operator, namespace, 'pods');
      const edited = { ...resource, spec: { ...resource.spec, image: 'other' } };
      const { children } = await preview(operator, edited, { client });
      expect(children[0]).toMatchObject({ action: 'recreate', detail: expect.stringContaining('spec.serviceName') });
      expect(children[0]?.pods?.restarts).toBe(onImmutable === 'recreate' ? 2 : undefined);
      // What is kept is on both sides, so that the difference is what changes.
      expect(children[0]?.before).toMatchObject({ spec: { serviceName: 'pause-1', replicas: 2 } });
      expect(children[0]?.after).toMatchObject({ spec: { serviceName: 'other', replicas: 2 } });
      const live = await client.get(StatefulSet, { namespace, name: 'pods' });
      expect([live?.spec?.serviceName, live?.metadata.deletionTimestamp]).toEqual(['pause-1', undefined]);
    },
  );

  it('shows what a refused change asks for, and no pod that goes', async () => {
    const operator = making([ownedWithStatus(StatefulSet)], ({ spec }) => ({
      steps: [{ name: 'pods', objects: [pods(spec.image.replace(':', '-'))] }],
    }));
    const resource = await madeBy(operator, await inNamespace('refused-pods'), 'pods');
    const edited = { ...resource, spec: { ...resource.spec, image: 'other' } };
    const { children } = await preview(operator, edited, { client });
    expect(children[0]).toMatchObject({ action: 'refused', after: { spec: { serviceName: 'other', replicas: 2 } } });
    expect(children[0]?.pods).toBeUndefined();
  });

  it('shows that what a former manager wrote goes, as far as nobody asks for it, and what stands in its place', async () => {
    const namespace = await inNamespace('former-manager');
    const operator = making(
      [owned(ConfigMap), owned(Service)],
      ({ spec }) => ({ steps: [{ name: 'all', objects: [{ ...text('all'), data: { b: spec.image } }, ports(9093)] }] }),
      { formerManagers: ['manager'] },
    );
    const resource = await client.apply(Shelf, shelf(namespace), { fieldManager: 'a-user', force: true });
    const { uid = '' } = resource.metadata;
    const owner = { apiVersion: resource.apiVersion, kind: resource.kind, name: resource.metadata.name, uid };
    const metadata = { namespace, ownerReferences: [{ ...owner, controller: true, blockOwnerDeletion: true }] };
    const written = [
      [ConfigMap, { ...text('all'), metadata: { ...metadata, name: 'all' }, data: { a: '1', b: '2' } }],
      [Service, { ...ports(7000), metadata: { ...metadata, name: 'all' } }],
    ] as const;
    for (const [type, body] of written)
      await client.create<KubeObject>(type, body as Draft<KubeObject>, { fieldManager: 'manager' });
    const { children } = await preview(operator, resource, { client });
    expect(children.map(({ action, basis }) => [action, basis])).toEqual([
      ['change', 'server'],
      ['change', 'server'],
    ]);
    expect(children[0]).toMatchObject({ before: { data: { a: '1', b: '2' } } });
    expect(children[0]?.after).toHaveProperty('data', { b: 'pause:1' });
    // With the port of the former manager beside it, the server would refuse one of the same name.
    expect(children[1]).toMatchObject({ after: { spec: { ports: [{ name: 'raft', port: 9093 }] } } });
    expect((await client.get(ConfigMap, { namespace, name: 'all' }))?.data).toEqual({ a: '1', b: '2' });
  });

  it('counts the pods that the operator itself replaces, in its words', async () => {
    const restartsPods = 'one at a time, the leader last';
    const operator = making([ownedWithStatus(StatefulSet)], ({ spec }) => {
      const { spec: set, ...body } = pods('pods');
      const template = {
        metadata: { labels: { app: 'pods' } },
        spec: { containers: [{ name: 'main', image: spec.image }] },
      };
      const object = { ...body, spec: { ...set, updateStrategy: { type: 'OnDelete' }, template } };
      return { steps: [{ name: 'pods', objects: [child(object, { restartsPods })] }] };
    });
    const resource = await madeBy(operator, await inNamespace('on-delete'), 'pods');
    const edited = { ...resource, spec: { ...resource.spec, image: 'pause:2' } };
    const { children } = await preview(operator, edited, { client });
    expect(children[0]).toMatchObject({ action: 'change', pods: { restarts: 2, stops: 0, how: restartsPods } });
    const [same] = (await preview(operator, resource, { client })).children;
    expect([same?.action, same?.pods]).toEqual(['keep', undefined]);
  });

  it('shows what the reconciler would delete itself, and deletes nothing', async () => {
    const namespace = await inNamespace('removal');
    const mine = await client.apply(ConfigMap, { ...text('doomed'), metadata: { namespace, name: 'doomed' } }, asUser);
    const seen: unknown[] = [];
    const operator = making([], () => ({ steps: [] }), {
      calls: [{ apiGroups: [''], resources: ['configmaps'], verbs: ['list', 'delete'] }],
      reconcile: async (_shelf, pass) => {
        const { uid = '' } = mine.metadata;
        seen.push(await pass.remove(ConfigMap, { name: 'doomed', uid: 'another' }));
        seen.push(await pass.remove(ConfigMap, { name: 'missing', uid }));
        seen.push(await pass.remove(ConfigMap, { name: 'doomed', uid }));
        seen.push(await pass.remove(ConfigMap, { name: 'doomed', uid }));
        const left = await pass.list(ConfigMap, { labelSelector: '!x' });
        seen.push(left.map(({ metadata }) => metadata.name).filter((name) => name !== 'kube-root-ca.crt'));
        return pass.report({ status: {} });
      },
    });
    const { children } = await preview(operator, shelf(namespace), { client });
    expect(seen).toEqual(['Gone', 'Gone', 'Removed', 'Gone', []]);
    expect(children).toEqual([
      {
        ...{ apiVersion: 'v1', kind: 'ConfigMap', namespace, name: 'doomed', action: 'remove', basis: 'server' },
        ...{ detail: 'deleted by the reconciler', before: expect.objectContaining({ kind: 'ConfigMap' }) },
      },
    ]);
    expect((await client.get(ConfigMap, { namespace, name: 'doomed' }))?.metadata.uid).toBe(mine.metadata.uid);
  });

  it('shows what a step would do that waits for another', async () => {
    const operator = making([owned(ConfigMap)], () => ({
      steps: [
        { name: 'first', objects: [text('one')], waitingFor: () => ({ reason: 'NotYet', message: 'Not yet.' }) },
        { name: 'second', objects: [text('two'), text('NOT A NAME')] },
      ],
    }));
    const { children } = await preview(operator, shelf(await inNamespace('held')), { client });
    expect(children.map(({ action, heldBy, basis }) => [action, heldBy, basis])).toEqual([
      ['create', undefined, 'server'],
      ['create', 'first', 'server'],
      ['refused', 'first', 'server'],
    ]);
    expect(children[2]?.detail).toContain('metadata.name');
  });

  it('skips a kind that the cluster does not serve', async () => {
    const gadget = { apiVersion: 'absent.capstan.dev/v1', kind: 'Gadget', metadata: { name: 'g' }, spec: {} };
    const operator = making([owned(ConfigMap), optional(owned(Gadget))], () => ({
      steps: [{ name: 'all', objects: [text('one'), gadget] }],
    }));
    const resource = shelf(await inNamespace('skipped'));
    const actions = async (options: Parameters<typeof preview>[2]) =>
      (await preview(operator, resource, options)).children.map(({ action }) => action);
    expect(await actions({ client })).toEqual(['create', 'skipped']);
    // Nothing is known of a cluster offline: all that is wanted is shown.
    expect(await actions({ offline: true })).toEqual(['create', 'create']);
  });

  it('fails with a sentence where a kind is missing that has to be there', async () => {
    const operator = making([owned(Gadget)], () => ({ steps: [] }));
    await expect(preview(operator, shelf('default'), { client })).rejects.toThrow('gadgets');
  });

  it('goes on where the finalizer of the controller is still to be put on', async () => {
    const run = () => Promise.reject(new Error('never run in a preview'));
    const finalize = { finalizer: 'preview.capstan.dev/clean-up', run };
    const operator = making([owned(ConfigMap)], () => ({ steps: [{ name: 'all', objects: [text('one')] }] }), {
      finalize,
    });
    const resource = shelf(await inNamespace('finalizer'));
    expect((await preview(operator, resource, { client })).children[0]?.action).toBe('create');
    const leaving = {
      ...resource.metadata,
      finalizers: [finalize.finalizer],
      deletionTimestamp: '2026-01-01T00:00:00Z',
    };
    expect(await preview(operator, { ...resource, metadata: leaving }, { client })).toMatchObject({
      children: [],
      notes: ['Shelf/shelf is being deleted, and its children with it'],
    });
  });

  it('says when a resource is paused, or left out by the predicate', async () => {
    const plan = () => ({ steps: [{ name: 'all', objects: [text('one')] }] });
    const resource = shelf(await inNamespace('apart'));
    const annotations = { 'preview.capstan.dev/paused': 'true' };
    const paused = { ...resource, metadata: { ...resource.metadata, annotations } };
    expect(await preview(making([owned(ConfigMap)], plan), paused, { client })).toMatchObject({
      children: [],
      notes: ['Shelf/shelf is paused: nothing happens until it is resumed'],
    });
    const choosy = making([owned(ConfigMap)], plan, { predicate: () => false });
    expect(await preview(choosy, resource, { client })).toMatchObject({
      children: [],
      notes: ['the predicate of the controller leaves Shelf/shelf alone'],
    });
  });

  it('tells the error of a pass that fails, and lets the reconciler know that it is a rehearsal', async () => {
    const operator = making([owned(ConfigMap)], () => ({ steps: [] }), {
      reconcile: (_, pass) => Promise.reject(new Error(`rehearsal: ${pass.isRehearsal}`)),
    });
    expect((await preview(operator, shelf('default'), { client })).error).toBe('rehearsal: true');
  });
});
