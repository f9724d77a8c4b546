import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { ApiError } from './api-error.ts';
import type { KubeClient } from './client.ts';
import { createClient } from './create-client.ts';
import {
  ConfigMap,
  CustomResourceDefinition,
  Deployment,
  Namespace,
  Service,
  SubjectAccessReview,
  TokenReview,
} from './kinds.ts';
import { loadKubeConfig } from './kubeconfig/index.ts';
import type { KubeObject, ObjectMeta } from './object.ts';
import type { ResourceType } from './resource-type.ts';
import { eventually } from './testing/eventually.fixture.ts';
import {
  bodyOf,
  connectionTo,
  refuse,
  answer as replyWith,
  ScriptedServer,
} from './testing/scripted-server.fixture.ts';

const namespace = `rest-client-${process.pid}`;
let client: KubeClient;

interface Widget extends KubeObject {
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly status?: { readonly replicas?: number; readonly phase?: string };
}

const Widget: ResourceType<Widget> = {
  group: 'rest-client.test',
  version: 'v1',
  kind: 'Widget',
  plural: 'widgets',
  namespaced: true,
};

const widgetDefinition = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'widgets.rest-client.test' },
  spec: {
    group: Widget.group,
    names: { kind: Widget.kind, plural: Widget.plural },
    scope: 'Namespaced',
    versions: [
      {
        name: Widget.version,
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
        subresources: {
          status: {},
          scale: { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.replicas' },
        },
      },
    ],
  },
} as const;

function configMap(name: string, rest: { data?: Record<string, string>; labels?: Record<string, string> } = {}) {
  const metadata: Partial<ObjectMeta> = {
    name,
    namespace,
    ...(rest.labels === undefined ? {} : { labels: rest.labels }),
  };
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: rest.data ?? {} } as const;
}

async function refusalOf(call: Promise<unknown>): Promise<ApiError> {
  const failure = await call.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (failure instanceof ApiError) return failure;
  throw new Error(`expected an ApiError, not ${String(failure)}`);
}

beforeAll(async () => {
  client = createClient(await loadKubeConfig({ path: inject('kubeconfig') }), { userAgent: 'rest-client-test' });
  await client.create(Namespace, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  await client.apply(CustomResourceDefinition, widgetDefinition, { fieldManager: 'test' });
  await eventually('widgets are served', async () => {
    const probe = { apiVersion: 'rest-client.test/v1', kind: 'Widget', metadata: { name: 'probe', namespace } };
    return client.create(Widget, probe, { dryRun: true }).then(
      () => true,
      () => false,
    );
  });
});

afterAll(async () => {
  await client.delete(Namespace, { name: namespace });
  await client.delete(CustomResourceDefinition, { name: widgetDefinition.metadata.name });
  await client.close();
});

describe('what is asked and never stored', () => {
  it('is answered without a name: reviews of tokens and permissions', async () => {
    const token = await client.create(TokenReview, {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenReview',
      metadata: {},
      spec: { token: 'nobody-has-this-token' },
    });
    expect(token).toMatchObject({ kind: 'TokenReview', metadata: { name: '' }, status: { user: {} } });
    const access = await client.create(SubjectAccessReview, {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SubjectAccessReview',
      metadata: {},
      spec: { user: 'nobody', nonResourceAttributes: { path: '/metrics', verb: 'get' } },
    });
    expect(access.status?.allowed).toBe(false);
  });
});

describe('reading one object', () => {
  it('is undefined for an object that does not exist', async () => {
    expect(await client.get(ConfigMap, { namespace, name: 'absent' })).toBeUndefined();
    expect(await client.getScale(Deployment, { namespace, name: 'absent' })).toBeUndefined();
    expect(await client.delete(ConfigMap, { namespace, name: 'absent' })).toBe(false);
  });

  it.each([
    { what: 'a group that is not served', type: { ...ConfigMap, group: 'absent.test' } },
    { what: 'a kind that is not served', type: { ...ConfigMap, plural: 'absences' } },
  ])('is an error for $what', async ({ type }) => {
    expect(await refusalOf(client.get(type, { namespace, name: 'any' }))).toMatchObject({
      status: 404,
      reason: 'NotFound',
    });
    expect(await refusalOf(client.delete(type, { namespace, name: 'any' }))).toMatchObject({ status: 404 });
  });

  it('gives metadata only where asked, under the kind it has', async () => {
    await client.create(ConfigMap, configMap('partial', { data: { a: 'b' } }));
    const partial = await client.get(ConfigMap, { namespace, name: 'partial' }, { metadataOnly: true });
    expect(partial).toMatchObject({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'partial', namespace } });
    expect(partial).not.toHaveProperty('data');
  });

  it('looks in the namespace of the connection where none is named', async () => {
    const kubernetes = await client.get(Service, { name: 'kubernetes' });
    expect(kubernetes?.metadata.namespace).toBe('default');
  });
});

describe('writing', () => {
  it('keeps fields that no type knows, on the way there, back, and through replace', async () => {
    const spec = { replicas: 1, future: { field: [{ deep: null, list: [1, 'two', 3.5] }] } };
    const draft = {
      apiVersion: 'rest-client.test/v1',
      kind: 'Widget',
      metadata: { name: 'unknown', namespace },
      spec,
      extra: 'top',
    };
    const made = await client.create(Widget, draft);
    expect(made).toMatchObject({ spec, extra: 'top' });
    const replaced = await client.replace(Widget, { ...made, spec: { ...spec, added: true } });
    expect(replaced).toMatchObject({ spec: { ...spec, added: true }, extra: 'top' });
    expect(await client.get(Widget, { namespace, name: 'unknown' })).toEqual(replaced);
  });

  it('refuses a name that is taken', async () => {
    await client.create(ConfigMap, configMap('taken'));
    const refusal = await refusalOf(client.create(ConfigMap, configMap('taken')));
    expect(refusal).toMatchObject({ status: 409, reason: 'AlreadyExists', isConflict: true });
  });

  it('lets the server make a name', async () => {
    const draft = { ...configMap('x'), metadata: { namespace, generateName: 'made-' } };
    const made = await client.create(ConfigMap, draft);
    expect(made.metadata.name).toMatch(/^made-.{5}$/);
  });

  it('refuses to replace what has changed meanwhile', async () => {
    const first = await client.create(ConfigMap, configMap('stale'));
    await client.replace(ConfigMap, { ...first, data: { a: '1' } });
    expect(await refusalOf(client.replace(ConfigMap, { ...first, data: { a: '2' } }))).toMatchObject({
      status: 409,
      reason: 'Conflict',
    });
  });

  it('names the field that a validation refused', async () => {
    const refusal = await refusalOf(
      client.create(Service, {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'bad', namespace },
        spec: { ports: [{ port: 0 }] },
      }),
    );
    expect(refusal).toMatchObject({ status: 422, reason: 'Invalid', isInvalid: true });
    expect(refusal.causes).toContainEqual(
      expect.objectContaining({ reason: 'FieldValueInvalid', field: 'spec.ports[0].port' }),
    );
  });

  it('refuses unknown fields unless told otherwise', async () => {
    const draft = { ...configMap('strict'), unknown: true };
    expect(await refusalOf(client.create(ConfigMap, draft))).toMatchObject({ status: 400, reason: 'BadRequest' });
    const made = await client.create(ConfigMap, draft, { fieldValidation: 'Ignore' });
    expect(made).not.toHaveProperty('unknown');
  });

  it('stores nothing in a dry run', async () => {
    const made = await client.create(ConfigMap, configMap('dry'), { dryRun: true });
    expect(made.metadata.uid).toEqual(expect.any(String));
    expect(await client.get(ConfigMap, { namespace, name: 'dry' })).toBeUndefined();
  });
});

describe('server-side apply', () => {
  it('creates, then changes its own fields and no other', async () => {
    const fieldManager = 'test-applier';
    await client.apply(ConfigMap, configMap('applied', { data: { ours: '1' } }), { fieldManager });
    await client.patch(
      ConfigMap,
      { namespace, name: 'applied' },
      { kind: 'merge', body: { data: { theirs: 'x' } } },
      { fieldManager: 'other' },
    );
    const applied = await client.apply(ConfigMap, configMap('applied', { data: { ours: '2' } }), { fieldManager });
    expect(applied.data).toEqual({ ours: '2', theirs: 'x' });
    expect(applied.metadata.managedFields?.map(({ manager, operation }) => [manager, operation])).toEqual([
      [fieldManager, 'Apply'],
      ['other', 'Update'],
    ]);
  });

  it('is refused a field of another manager, says which, and takes it by force', async () => {
    await client.apply(ConfigMap, configMap('contended', { data: { a: '1' } }), { fieldManager: 'first' });
    const second = { fieldManager: 'second' };
    const refusal = await refusalOf(client.apply(ConfigMap, configMap('contended', { data: { a: '2' } }), second));
    expect(refusal).toMatchObject({ status: 409, reason: 'Conflict' });
    expect(refusal.causes).toEqual([expect.objectContaining({ reason: 'FieldManagerConflict', field: '.data.a' })]);
    const forced = await client.apply(ConfigMap, configMap('contended', { data: { a: '2' } }), {
      ...second,
      force: true,
    });
    expect(forced.data).toEqual({ a: '2' });
  });

  it('needs a name', async () => {
    const nameless = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace } } as const;
    await expect(async () => client.apply(ConfigMap, nameless, { fieldManager: 'test' })).rejects.toThrow(TypeError);
  });
});

describe('patch', () => {
  it.each([
    { patch: { kind: 'merge', body: { data: { a: null, b: '2' } } }, data: { b: '2' } },
    { patch: { kind: 'json', operations: [{ op: 'replace', path: '/data/a', value: '3' }] }, data: { a: '3' } },
    { patch: { kind: 'strategic', body: { data: { c: '4' } } }, data: { a: '1', c: '4' } },
  ] as const)('by $patch.kind', async ({ patch, data }) => {
    const name = `patched-${patch.kind}`;
    await client.create(ConfigMap, configMap(name, { data: { a: '1' } }));
    expect((await client.patch(ConfigMap, { namespace, name }, patch)).data).toEqual(data);
  });

  it('of the status leaves the spec alone, and the other way round', async () => {
    const ref = { namespace, name: 'two-sided' };
    await client.create(Widget, {
      apiVersion: 'rest-client.test/v1',
      kind: 'Widget',
      metadata: ref,
      spec: { replicas: 1 },
    });
    const both = { kind: 'merge', body: { spec: { replicas: 5 }, status: { phase: 'Running' } } } as const;
    expect(await client.patch(Widget, ref, both, { subresource: 'status' })).toMatchObject({
      spec: { replicas: 1 },
      status: { phase: 'Running' },
    });
    const body = { apiVersion: 'rest-client.test/v1', kind: 'Widget', metadata: ref, status: { phase: 'Applied' } };
    const applied = await client.apply(Widget, body, { fieldManager: 'status', subresource: 'status', force: true });
    expect(applied.status).toEqual({ phase: 'Applied' });
  });
});

describe('scale', () => {
  it('is read and set through the subresource', async () => {
    const ref = { namespace, name: 'scaled' };
    await client.create(Widget, {
      apiVersion: 'rest-client.test/v1',
      kind: 'Widget',
      metadata: ref,
      spec: { replicas: 2 },
    });
    await client.patch(Widget, ref, { kind: 'merge', body: { status: { replicas: 1 } } }, { subresource: 'status' });
    expect(await client.getScale(Widget, ref)).toMatchObject({ specReplicas: 2, statusReplicas: 1 });
    expect(await client.setScale(Widget, ref, 0)).toMatchObject({ specReplicas: 0, statusReplicas: 1 });
    expect((await client.get(Widget, ref))?.spec).toEqual({ replicas: 0 });
  });
});

describe('delete', () => {
  it('happens only under its preconditions', async () => {
    const ref = { namespace, name: 'guarded' };
    const made = await client.create(ConfigMap, configMap('guarded'));
    const { uid, resourceVersion } = made.metadata;
    for (const preconditions of [{ uid: 'another' }, { uid, resourceVersion: '1' }]) {
      expect(await refusalOf(client.delete(ConfigMap, ref, { preconditions }))).toMatchObject({
        status: 409,
        reason: 'Conflict',
      });
    }
    expect(await client.delete(ConfigMap, ref, { preconditions: { uid }, dryRun: true })).toBe(true);
    expect(await client.delete(ConfigMap, ref, { preconditions: { uid, resourceVersion } })).toBe(true);
    expect(await client.delete(ConfigMap, ref, { preconditions: { uid } })).toBe(false);
  });

  it('says what shall become of dependents, and how long to wait', async () => {
    // A local server in place of the API server, whose garbage collector would hide what was asked.
    const bodies: unknown[] = [];
    await using server = await ScriptedServer.start(async (request) => {
      bodies.push(await bodyOf(request));
      replyWith(request, 200, { kind: 'Status', status: 'Success' });
    });
    const local = createClient(connectionTo(server.url));
    const ref = { namespace, name: 'owner' };
    expect(await local.delete(ConfigMap, ref, { propagationPolicy: 'Foreground', gracePeriodSeconds: 0 })).toBe(true);
    const options = { apiVersion: 'v1', kind: 'DeleteOptions', propagationPolicy: 'Foreground', gracePeriodSeconds: 0 };
    expect(bodies).toEqual([options]);
    await local.close();
  });
});

describe('lists', () => {
  const names = Array.from({ length: 25 }, (_, index) => `listed-${String(index).padStart(2, '0')}`);

  beforeAll(async () => {
    const labels = { test: 'lists' };
    await Promise.all(names.map((name) => client.create(ConfigMap, configMap(name, { labels, data: { name } }))));
  });

  it('come whole, however many pages they take, each item with its apiVersion and kind', async () => {
    const page = await client.list(ConfigMap, { namespace, labelSelector: 'test=lists', limit: 10 });
    expect(page.items.map(({ metadata }) => metadata.name)).toEqual(names);
    expect(new Set(page.items.map(({ apiVersion, kind }) => `${apiVersion} ${kind}`))).toEqual(
      new Set(['v1 ConfigMap']),
    );
    expect(Number(page.resourceVersion)).toBeGreaterThan(0);
  });

  it('come page by page', async () => {
    const sizes: number[] = [];
    for await (const page of client.pages(ConfigMap, { namespace, labelSelector: 'test=lists', limit: 10 })) {
      sizes.push(page.items.length);
    }
    expect(sizes).toEqual([10, 10, 5]);
  });

  it('say how many items are left where the server knows it', async () => {
    for await (const page of client.pages(ConfigMap, { namespace, limit: 10 })) {
      expect(page.remainingItemCount).toBeGreaterThan(0);
      break;
    }
  });

  it('come as metadata only', async () => {
    const page = await client.list(ConfigMap, { namespace, labelSelector: 'test=lists', metadataOnly: true });
    expect(page.items.map(({ metadata }) => metadata.name)).toEqual(names);
    expect(page.items.every((item) => item.kind === 'ConfigMap' && item.data === undefined)).toBe(true);
  });

  it('select by field', async () => {
    const page = await client.list(ConfigMap, { namespace, fieldSelector: 'metadata.name=listed-07' });
    expect(page.items.map(({ metadata }) => metadata.name)).toEqual(['listed-07']);
  });

  it('start over when they expire between two pages, and are asked for whole when that goes on', async () => {
    // A local server in place of the API server, which keeps a snapshot for minutes.
    const item = { metadata: { name: 'a' } };
    await using server = await ScriptedServer.start((request) => {
      if (request.path.includes('continue=')) refuse(request, 410, 'Expired');
      else if (request.path.includes('limit='))
        replyWith(request, 200, { metadata: { resourceVersion: '1', continue: 'more' }, items: [item] });
      else replyWith(request, 200, { metadata: { resourceVersion: '2' }, items: [item, item] });
    });
    const local = createClient(connectionTo(server.url));
    expect(await local.list(ConfigMap)).toMatchObject({ items: [item, item], resourceVersion: '2' });
    const path = '/api/v1/configmaps';
    expect(server.received.map((request) => request.path)).toEqual([
      `${path}?limit=500`,
      `${path}?limit=500&continue=more`,
      `${path}?limit=500`,
      `${path}?limit=500&continue=more`,
      path,
    ]);
    await local.close();
  });
});

describe('watch', () => {
  it('streams a snapshot, says where it ends, and goes on with changes', async () => {
    const name = 'watched';
    await client.create(ConfigMap, configMap(name));
    const seen: string[] = [];
    const selection = { namespace, fieldSelector: `metadata.name=${name}` };
    const snapshot = { sendInitialEvents: true, resourceVersionMatch: 'NotOlderThan', timeoutSeconds: 60 } as const;
    for await (const event of client.watch(ConfigMap, { ...selection, ...snapshot })) {
      if (event.type === 'BOOKMARK') {
        if (!event.initialEventsEnd) continue;
        await client.patch(ConfigMap, { namespace, name }, { kind: 'merge', body: { data: { a: 'ü€😀' } } });
        seen.push('end of snapshot');
        continue;
      }
      seen.push(`${event.type} ${event.object.data?.['a'] ?? 'empty'}`);
      if (event.type === 'MODIFIED') await client.delete(ConfigMap, { namespace, name });
      if (event.type === 'DELETED') break;
    }
    expect(seen).toEqual(['ADDED empty', 'end of snapshot', 'MODIFIED ü€😀', 'DELETED ü€😀']);
  });

  it('ends by itself after the seconds asked for', async () => {
    const { resourceVersion } = await client.list(ConfigMap, { namespace });
    const events = client.watch(ConfigMap, {
      namespace,
      resourceVersion,
      timeoutSeconds: 1,
      fieldSelector: 'metadata.name=none',
    });
    for await (const event of events) expect(event.type).toBe('BOOKMARK');
  });
});

describe('raw', () => {
  it('parses JSON, and gives other media types as text', async () => {
    expect(await client.raw('/version')).toMatchObject({ major: '1' });
    expect(await client.raw('/readyz?verbose=1')).toContain('readyz check passed');
    expect(await refusalOf(client.raw('/absent'))).toMatchObject({ status: 404, reason: 'NotFound' });
  });
});
