import {
  ConfigMap,
  CustomResourceDefinition,
  createClient,
  type KubeClient,
  loadKubeConfig,
  Namespace,
  ResourceQuota,
  RoleBinding,
  Secret,
  StatefulSet,
} from '@capstan/kube';
import { AuditLog, eventually, untilServed, writeVerbs } from '@capstan/testkit';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createLogger } from '../log.ts';
import { Manager } from '../manager.ts';
import { type Preview, preview } from './preview.ts';
import { Shelf, shelf, shelves } from './shelf.fixture.ts';

let client: KubeClient;
let audit: AuditLog;

beforeAll(async () => {
  audit = new AuditLog(inject('auditLog'));
  client = createClient(await loadKubeConfig({ path: inject('kubeconfig') }));
  await client.apply(CustomResourceDefinition, Shelf.manifest(), { fieldManager: 'test', force: true });
  await untilServed(client, Shelf, shelf('default'), AbortSignal.timeout(30_000));
});

afterAll(() => client?.close());

async function inNamespace(name: string): Promise<string> {
  const namespace = `preview-${name}`;
  const body: Namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } };
  await client.apply(Namespace, body, { fieldManager: 'test' });
  return namespace;
}

/** A shelf that the operator has settled, and that nobody looks after now. */
async function settled(namespace: string, spec?: Partial<Shelf['spec']>): Promise<Shelf> {
  await client.apply(Shelf, shelf(namespace, spec), { fieldManager: 'a-user', force: true });
  const connection = await loadKubeConfig({ path: inject('kubeconfig') });
  const stop = new AbortController();
  const log = createLogger({ level: 'error' });
  const running = new Manager({ connection, controllers: [shelves], namespaces: [namespace], log }).run(stop.signal);
  const read = () => client.get(Shelf, { namespace, name: 'shelf' });
  await eventually(async () => expect((await read())?.status?.conditions?.[0]?.status).toBe('True'));
  stop.abort();
  await running;
  const found = await read();
  if (found === undefined) throw new Error('the shelf is gone');
  return found;
}

function actionsOf({ children }: Preview): Readonly<Record<string, string>> {
  return Object.fromEntries(children.map(({ kind, name, action }) => [`${kind}/${name}`, action]));
}

function edited(resource: Shelf, spec: Partial<Shelf['spec']>): Shelf {
  return { ...resource, spec: { ...resource.spec, ...spec } };
}

/** Requests since `position` that could have changed something, but for dry runs and what the cluster itself does. */
function writesSince(position: number, namespace: string): readonly string[] {
  return audit
    .since(position, { namespace, verbs: writeVerbs, except: ['pods'] })
    .filter(({ user, uri }) => !user.startsWith('system:') && !uri.includes('dryRun=All'))
    .map(({ verb, uri }) => `${verb} ${uri}`);
}

describe('a preview of a resource that does not exist yet', () => {
  it('creates every child, the second step after the first, and stores nothing', async () => {
    const namespace = await inNamespace('new');
    const position = audit.position();
    const found = await preview(shelves, shelf(namespace, { notes: ['one'] }), { client });
    expect(found.children.map(({ name, action, step, basis }) => [name, action, step, basis])).toEqual([
      ['shelf-config', 'create', 'pods', 'server'],
      ['shelf-password', 'create', 'pods', 'server'],
      ['shelf', 'create', 'pods', 'server'],
      ['shelf-one', 'create', 'notes', 'server'],
    ]);
    expect(found.status?.after).toMatchObject({ conditions: [{ type: 'Ready' }, {}, {}] });
    expect(writesSince(position, namespace)).toEqual([]);
    expect(await client.get(StatefulSet, { namespace, name: 'shelf' })).toBeUndefined();
  });

  it('tells that the namespace is missing, and goes on without the server', async () => {
    const found = await preview(shelves, shelf('preview-nowhere'), { client });
    expect(new Set(found.children.map(({ action, basis }) => `${action} ${basis}`))).toEqual(
      new Set(['create comparison']),
    );
    expect(found.notes).toEqual(['namespace preview-nowhere does not exist: nothing in it could be tried']);
  });

  it('needs no cluster when it is offline', async () => {
    const found = await preview(shelves, shelf('anywhere', { notes: ['one'] }), { offline: true });
    expect(found.children.map(({ action, basis }) => `${action} ${basis}`)).toEqual(Array(4).fill('create comparison'));
    expect(JSON.parse(JSON.stringify(found))).toEqual(found);
  });

  it('never holds a value of a Secret', async () => {
    const found = JSON.stringify(await preview(shelves, shelf(await inNamespace('secret')), { client }));
    expect(found).toContain('hash:');
    for (const value of ['hunter2', Buffer.from('hunter2').toString('base64')])
      expect(found.replaceAll('"spec"', '')).not.toContain(value);
  });
});

describe('a preview of what is live', () => {
  it('finds nothing to do in a settled resource, and asks for no write at all', async () => {
    const namespace = await inNamespace('settled');
    const resource = await settled(namespace);
    const position = audit.position();
    const found = await preview(shelves, resource, { client });
    expect(new Set(Object.values(actionsOf(found)))).toEqual(new Set(['keep']));
    expect([found.status, found.refusal, found.error, found.notes]).toEqual([undefined, undefined, undefined, []]);
    const asked = audit
      .since(position, { namespace, except: ['pods'] })
      // The watch of the operator that settled it is in the log only once it has ended.
      .filter(({ user, verb }) => !user.startsWith('system:') && verb !== 'watch');
    expect(new Set(asked.map(({ verb }) => verb))).toEqual(new Set(['list']));
  });

  it('shows a drifted child and a deleted one as repairs', async () => {
    const namespace = await inNamespace('drift');
    const resource = await settled(namespace);
    const drift = { kind: 'merge', body: { data: { greeting: 'bye' } } } as const;
    await client.patch(ConfigMap, { namespace, name: 'shelf-config' }, drift, { fieldManager: 'vandal' });
    await client.delete(Secret, { namespace, name: 'shelf-password' });
    const found = await preview(shelves, resource, { client });
    expect(actionsOf(found)).toEqual({
      'ConfigMap/shelf-config': 'repair',
      'Secret/shelf-password': 'create',
      'StatefulSet/shelf': 'keep',
    });
    expect(found.children[0]).toMatchObject({
      detail: '.data.greeting (vandal)',
      before: { data: { greeting: 'bye' } },
      after: { data: { greeting: 'hello' } },
    });
  });
});

describe('a preview of an edit', () => {
  it('shows what changes, what goes, and which pods restart in which order', async () => {
    const namespace = await inNamespace('edit');
    const resource = await settled(namespace, { notes: ['one', 'two'] });
    const position = audit.position();
    const found = await preview(shelves, edited(resource, { image: 'pause:2', notes: ['one'] }), { client });
    expect(actionsOf(found)).toEqual({
      'ConfigMap/shelf-config': 'keep',
      'Secret/shelf-password': 'keep',
      'StatefulSet/shelf': 'change',
      'ConfigMap/shelf-one': 'keep',
      'ConfigMap/shelf-two': 'remove',
    });
    expect(found.children[2]).toMatchObject({
      pods: { restarts: 3, stops: 0, how: 'one at a time, from shelf-2 down to shelf-0' },
      before: { spec: { template: { spec: { containers: [{ image: 'pause:1' }] } } } },
      after: { spec: { template: { spec: { containers: [{ image: 'pause:2' }] } } } },
    });
    // A dry run of a deletion is said in its body, which the audit log does not keep.
    expect(writesSince(position, namespace)).toEqual([`delete /api/v1/namespaces/${namespace}/configmaps/shelf-two`]);
    expect(await client.get(ConfigMap, { namespace, name: 'shelf-two' })).toBeDefined();
  });

  it('shows that a change of a Secret is one, and not what it says', async () => {
    const namespace = await inNamespace('secret-edit');
    const found = await preview(shelves, edited(await settled(namespace), { password: 'swordfish' }), { client });
    const secret = found.children.find(({ kind }) => kind === 'Secret');
    expect(secret?.action).toBe('change');
    expect(secret?.before).not.toEqual(secret?.after);
    expect(JSON.stringify(secret)).not.toMatch(/hunter2|swordfish|aHVudGVy|c3dvcmRm/);
  });

  it('shows the refusal of the operator, and the status it would report', async () => {
    const namespace = await inNamespace('refusal');
    const found = await preview(shelves, edited(await settled(namespace), { image: 'forbidden' }), { client });
    expect([found.children, found.refusal]).toEqual([
      [],
      { reason: 'ImageForbidden', message: 'spec.image: forbidden' },
    ]);
    expect(JSON.stringify(found.status?.after)).toContain('ImageForbidden');
  });

  it('shows a refusal of the API server beside the child it is about', async () => {
    const namespace = await inNamespace('invalid');
    const found = await preview(shelves, edited(await settled(namespace), { image: '' }), { client });
    expect(found.children.find(({ kind }) => kind === 'StatefulSet')).toMatchObject({
      action: 'refused',
      detail: expect.stringContaining('spec.template.spec.containers[0].image'),
    });
  });
});

describe('a preview by somebody who may only look', () => {
  it('compares with what is live where a dry run is not allowed, and says so', async () => {
    const namespace = await inNamespace('viewer');
    const resource = await settled(namespace);
    await using viewer = await viewerOf(namespace);
    const found = await preview(shelves, edited(resource, { image: 'pause:2' }), { client: viewer.client });
    expect(actionsOf(found)).toEqual({
      'ConfigMap/shelf-config': 'keep',
      'Secret/shelf-password': 'unknown',
      'StatefulSet/shelf': 'change',
    });
    const { before, after, basis, pods } = found.children[2] ?? {};
    expect([basis, pods?.restarts]).toEqual(['comparison', 3]);
    expect(after).toEqual(JSON.parse(JSON.stringify(before).replaceAll('pause:1', 'pause:2')));
    expect(found.notes).toEqual([
      `you may not list secrets in namespace ${namespace}: what exists of them is not known`,
      `you may not patch statefulsets in namespace ${namespace}, which a dry run needs: compared with what is live instead, without defaults and admission`,
    ]);
  });

  it('does not take a refusal by admission for a missing permission', async () => {
    const namespace = await inNamespace('quota');
    const quota: ResourceQuota = {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { namespace, name: 'none' },
      spec: { hard: { 'count/statefulsets.apps': '0' } },
    };
    await client.apply(ResourceQuota, quota, { fieldManager: 'test' });
    await eventually(async () => expect((await client.get(ResourceQuota, quota.metadata))?.status?.hard).toBeDefined());
    const found = await preview(shelves, shelf(namespace), { client });
    expect(found.children[2]).toMatchObject({ action: 'refused', detail: expect.stringContaining('exceeded quota') });
  });
});

/** A client of somebody with the ClusterRole `view` in one namespace. */
async function viewerOf(namespace: string): Promise<{ readonly client: KubeClient } & AsyncDisposable> {
  const user = `viewer-of-${namespace}`;
  const binding: RoleBinding = {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: { namespace, name: user },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' },
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: user }],
  };
  await client.apply(RoleBinding, binding, { fieldManager: 'test', force: true });
  const admin = await loadKubeConfig({ path: inject('kubeconfig') });
  const current = async () => {
    const { headers, ...rest } = await admin.credentials.current();
    return {
      ...rest,
      headers: { ...headers, 'impersonate-user': user, 'impersonate-group': ['system:authenticated'] },
    };
  };
  const viewer = createClient({ ...admin, credentials: { current, renew: async () => false } });
  // The API server hears of a binding a moment after it is made.
  await eventually(() => viewer.list(ConfigMap, { namespace }));
  return { client: viewer, [Symbol.asyncDispose]: () => viewer.close() };
}
