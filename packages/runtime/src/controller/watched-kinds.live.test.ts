import { ConfigMap, Secret } from '@capstan/kube';
import { AuditLog, eventually, never } from '@capstan/testkit';
import { describe, expect, inject, it } from 'vitest';
import { controller } from './controller.ts';
import type { EventSource } from './event-source.ts';
import { type ControllerOptions, owned } from './reconciler.ts';
import { aText, Errand, openStage, type Stage } from './stage.fixture.ts';
import { mapped, referenced } from './watched-kind.ts';

const kubeconfig = inject('kubeconfig');

type Labels = Readonly<Record<string, string>>;

function errands(over: Partial<ControllerOptions<Errand>>) {
  return controller<Errand>(Errand, {
    name: 'watch-operator',
    owns: [owned(ConfigMap)],
    reconcile: async (_errand, pass) => pass.report({ status: {} }),
    ...over,
  });
}

function aSecret(namespace: string, name: string, password: string): Secret {
  return { apiVersion: 'v1', kind: 'Secret', metadata: { namespace, name }, stringData: { password } };
}

function putSecret({ client, namespace }: Stage, name: string, password: string): Promise<Secret> {
  return client.apply(Secret, aSecret(namespace, name, password), { fieldManager: 'a-user', force: true });
}

const byName = errands({
  watches: [referenced(Secret, ({ spec: { names = [] } }: Errand) => names.map((name) => ({ name })))],
  reconcile: async ({ spec: { names = [] }, metadata: { namespace } }, pass) => {
    const said = await Promise.all(
      names.map(async (name) => {
        const cached = pass.cache.get(Secret, { namespace, name });
        if (cached?.data !== undefined) throw new Error('contents of a Secret are in the cache');
        const secret = await pass.read(Secret, { name });
        return Buffer.from(secret?.data?.['password'] ?? '', 'base64').toString() || 'nothing';
      }),
    );
    return pass.report({ status: { said: said.join() } });
  },
});

describe('objects named by resources', () => {
  it('are watched alone; a change starts a pass of all that name them, also when they appear later', async () => {
    await using stage = await openStage({ kubeconfig, namespace: 'named-objects', controllers: [byName] });
    const audit = new AuditLog(inject('auditLog'));
    const start = audit.position();
    const says = (name: string, said: string) =>
      eventually(async () => expect((await stage.get(name))?.status?.said).toBe(said));
    await stage.want('a', { names: ['shared'] });
    await stage.want('b', { names: ['shared', 'own'] });
    await Promise.all([says('a', 'nothing'), says('b', 'nothing,nothing')]);
    await putSecret(stage, 'shared', 'one');
    await Promise.all([says('a', 'one'), says('b', 'one,nothing')]);
    await putSecret(stage, 'own', 'mine');
    await says('b', 'one,mine');
    await putSecret(stage, 'shared', 'two');
    await Promise.all([says('a', 'two'), says('b', 'two,mine')]);
    await stage.client.delete(Secret, { namespace: stage.namespace, name: 'shared' });
    await Promise.all([says('a', 'nothing'), says('b', 'nothing,mine')]);

    expect(stage.passes.flatMap(({ triggers }) => triggers.map(({ reason }) => reason))).toEqual(
      expect.arrayContaining(['Secret/shared appeared', 'Secret/shared changed', 'Secret/shared deleted']),
    );
    await stage[Symbol.asyncDispose](); // A watch is in the audit log when it has ended.
    await eventually(() => {
      const watches = audit.since(start, { namespace: stage.namespace, resource: 'secrets', verbs: ['watch', 'list'] });
      const selectors = watches.map(({ uri }) => new URL(uri, 'https://x').searchParams.get('fieldSelector'));
      expect([...new Set(selectors)].sort()).toEqual(['metadata.name=own', 'metadata.name=shared']);
    });
  });

  it('start passes only of resources that name them, and are watched only while somebody does', async () => {
    await using stage = await openStage({ kubeconfig, namespace: 'named-let-go', controllers: [byName] });
    const watched = () => stage.runner.informers().filter(({ type }) => type.kind === 'Secret').length;
    await stage.want('a', { names: ['one'] });
    await stage.want('b', { names: ['one'] });
    await eventually(() => expect(stage.passes.length).toBeGreaterThan(1));
    await eventually(() => expect(watched()).toBe(1));
    await stage.want('a', { names: ['two'] });
    await eventually(() => expect(watched()).toBe(2));
    await stage.client.delete(Errand, { namespace: stage.namespace, name: 'b' });
    await eventually(() => expect(watched()).toBe(1));
    await putSecret(stage, 'one', 'x');
    await putSecret(stage, 'three', 'x');
    const reasons = () => stage.passes.flatMap(({ triggers }) => triggers.map(({ reason }) => reason));
    await never(() => expect(reasons().filter((reason) => reason.startsWith('Secret/'))).not.toEqual([]), {
      during: 1_000,
    });
    await stage.client.delete(Errand, { namespace: stage.namespace, name: 'a' });
    await eventually(() => expect(watched()).toBe(0));
  });

  it('are noted in the record of a pass, without their contents', async () => {
    await using stage = await openStage({ kubeconfig, namespace: 'named-record', controllers: [byName] });
    await putSecret(stage, 'one', 'hunter2');
    await stage.want('a', { names: ['one'] });
    await eventually(async () => expect((await stage.get('a'))?.status?.said).toBe('hunter2'));
    const [pass] = stage.passes;
    expect(pass?.reads).toMatchObject([
      { kind: 'Secret', name: 'one', namespace: 'named-record' },
      { kind: 'Secret', name: 'one', namespace: 'named-record' },
    ]);
    expect(pass?.calls).toMatchObject([
      { method: 'GET', path: expect.stringMatching(/secrets\/one$/) },
      { method: 'PATCH' },
    ]);
    expect(JSON.stringify([stage.passes, stage.lines])).not.toContain('hunter2');
  });

  it('may not be in another namespace than their resource', async () => {
    const elsewhere = errands({
      watches: [referenced(Secret, () => [{ namespace: 'kube-system', name: 'theirs' }])],
    });
    await using stage = await openStage({ kubeconfig, namespace: 'named-elsewhere', controllers: [elsewhere] });
    await stage.want('a', {});
    await eventually(() =>
      expect(stage.passes.at(-1)).toMatchObject({
        result: 'Refused',
        error: 'Secret kube-system/theirs is in another namespace than named-elsewhere: name one there',
      }),
    );
    await eventually(async () => expect(await stage.events('a')).toContain('CrossNamespaceReference'));
  });

  it('are refused outside of the namespaces the operator works in', async () => {
    const anywhere = errands({
      watches: [referenced(Secret, () => [{ namespace: 'kube-system', name: 'theirs' }], { anyNamespace: true })],
    });
    await using stage = await openStage({ kubeconfig, namespace: 'named-outside', controllers: [anywhere] });
    await stage.want('a', {});
    await eventually(() =>
      expect(stage.passes.at(-1)).toMatchObject({
        result: 'Refused',
        error: expect.stringContaining('outside of the namespaces'),
      }),
    );
  });

  it('fail the pass with the reason when they cannot be watched, and never keep their resource from going', async () => {
    const Ghost = { group: 'ghost.capstan.dev', version: 'v1', kind: 'Ghost', plural: 'ghosts', namespaced: true };
    const finalized: string[] = [];
    const haunted = errands({
      watches: [referenced(Ghost, ({ spec: { names = [] } }: Errand) => names.map((name) => ({ name })))],
      finalize: {
        finalizer: 'errand.capstan.dev/haunted',
        run: async ({ metadata: { name } }) => {
          finalized.push(name);
          return 'Done';
        },
      },
    });
    await using stage = await openStage({ kubeconfig, namespace: 'named-ghosts', controllers: [haunted] });
    await stage.want('a', {});
    await eventually(async () => expect((await stage.get('a'))?.metadata.finalizers).toHaveLength(1));
    await stage.want('a', { names: ['boo'] });
    await eventually(() =>
      expect(stage.passes.at(-1)).toMatchObject({
        result: 'Retried',
        error: expect.stringMatching(/^Ghost\.ghost\.capstan\.dev named-ghosts\/boo cannot be watched: /),
      }),
    );
    await stage.client.delete(Errand, { namespace: stage.namespace, name: 'a' });
    await eventually(async () => expect(await stage.get('a')).toBeUndefined());
    expect(finalized).toEqual(['a']);
  });

  it('must be declared before they are read', async () => {
    const undeclared = errands({
      reconcile: async (_errand, pass) => {
        await pass.read(Secret, { name: 'one' });
        return pass.report({ status: {} });
      },
    });
    await using stage = await openStage({ kubeconfig, namespace: 'named-undeclared', controllers: [undeclared] });
    await stage.want('a', {});
    await eventually(() =>
      expect(stage.passes.at(-1)?.error).toBe(
        'Secret is read by a pass: let "watches" have it as referenced, or add a rule for "get" under "calls"',
      ),
    );
  });
});

describe('a kind that is mapped to resources', () => {
  const byKind = errands({
    indexes: { name: ({ spec: { names = [] } }) => names },
    watches: [
      mapped(
        ConfigMap,
        ({ metadata: { namespace }, data }, resources) => [
          { namespace, name: data?.['for'] ?? 'nobody' },
          ...resources.byIndex('name', data?.['topic'] ?? '').map(({ metadata }) => metadata),
        ],
        { mode: 'full' },
      ),
    ],
    owns: [],
    reconcile: async ({ metadata: { namespace } }, pass) => {
      const texts = pass.cache.list(ConfigMap, { namespace }).map(({ data }) => data?.['text']);
      return pass.report({
        status: {
          said: texts
            .filter((text) => text !== undefined)
            .sort()
            .join(),
        },
      });
    },
  });

  async function put({ client, namespace }: Stage, data: Readonly<Record<string, string>>): Promise<void> {
    const body: ConfigMap = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace, name: 'm' }, data };
    await client.apply(ConfigMap, body, { fieldManager: 'a-user', force: true });
  }

  it('starts passes of the resources an object concerned before and concerns now', async () => {
    await using stage = await openStage({ kubeconfig, namespace: 'mapped-objects', controllers: [byKind] });
    const reasonsOf = (name: string) =>
      stage.passes.filter((pass) => pass.name === name).flatMap(({ triggers }) => triggers.map(({ reason }) => reason));
    await stage.want('a', {});
    await stage.want('b', {});
    await stage.want('c', { names: ['news'] });
    await eventually(() => expect(stage.passes.length).toBeGreaterThanOrEqual(3));
    await put(stage, { for: 'a', text: '1' });
    await eventually(async () => expect((await stage.get('a'))?.status?.said).toBe('1'));
    await put(stage, { for: 'b', text: '2' });
    await eventually(async () => expect((await stage.get('b'))?.status?.said).toBe('2'));
    await eventually(() =>
      expect(reasonsOf('a')).toEqual(expect.arrayContaining(['ConfigMap/m appeared', 'ConfigMap/m changed'])),
    );
    expect(reasonsOf('b')).not.toContain('ConfigMap/m appeared');
    await put(stage, { topic: 'news', text: '3' });
    await eventually(async () => expect((await stage.get('c'))?.status?.said).toBe('3'));
  });

  it('does no harm when its mapping throws', async () => {
    const broken = errands({
      owns: [],
      watches: [
        mapped(ConfigMap, () => {
          throw new Error('no such label');
        }),
      ],
    });
    await using stage = await openStage({ kubeconfig, namespace: 'mapped-broken', controllers: [broken] });
    await stage.want('a', {});
    await eventually(() => expect(stage.passes.at(-1)?.result).toBe('Done'));
    await put(stage, {});
    await eventually(() =>
      expect(stage.lines.filter(({ msg }) => String(msg).startsWith('the mapping of'))).toContainEqual(
        expect.objectContaining({
          kind: 'ConfigMap',
          name: 'm',
          err: expect.objectContaining({ message: 'no such label' }),
        }),
      ),
    );
  });
});

describe('a kind that is mapped by its labels and held in part', () => {
  const partly = errands({
    owns: [],
    watches: [
      mapped(ConfigMap, ({ metadata: { namespace } }) => [{ namespace, name: 'a' }], {
        mode: 'full',
        labelSelector: 'part=yes',
        keep: ({ apiVersion, kind, metadata: { name }, data }) => {
          return { apiVersion, kind, metadata: { name }, data: { text: data?.['text'] ?? '' } };
        },
      }),
    ],
    reconcile: async ({ metadata: { namespace } }, pass) => {
      const held = pass.cache.list(ConfigMap, { namespace });
      return pass.report({ status: { said: JSON.stringify(held.map(({ metadata, data }) => [metadata.name, data])) } });
    },
  });

  async function put(
    stage: Stage,
    name: string,
    labels: Labels,
    data: Readonly<Record<string, string>>,
  ): Promise<void> {
    const metadata = { namespace: stage.namespace, name, labels };
    const body: ConfigMap = { apiVersion: 'v1', kind: 'ConfigMap', metadata, data };
    await stage.client.apply(ConfigMap, body, { fieldManager: 'a-user', force: true });
  }

  it('starts passes only for what is kept of the objects that have the labels', async () => {
    await using stage = await openStage({ kubeconfig, namespace: 'mapped-partly', controllers: [partly] });
    const audit = new AuditLog(inject('auditLog'));
    const start = audit.position();
    const reasons = () => stage.passes.flatMap(({ triggers }) => triggers.map(({ reason }) => reason));
    const says = (said: unknown) =>
      eventually(async () => expect((await stage.get('a'))?.status?.said).toBe(JSON.stringify(said)));
    await put(stage, 'other', { part: 'no' }, { text: 'x' });
    await stage.want('a', {});
    await says([]);
    await put(stage, 'mine', { part: 'yes' }, { text: '1', rest: 'a' });
    await says([['mine', { text: '1' }]]);
    await put(stage, 'mine', { part: 'yes', more: 'so' }, { text: '1', rest: 'b' });
    await put(stage, 'other', { part: 'no' }, { text: 'y' });
    await put(stage, 'mine', { part: 'yes' }, { text: '2', rest: 'c' });
    await says([['mine', { text: '2' }]]);
    // An object that loses the labels is gone, as far as anybody can see.
    await put(stage, 'mine', { part: 'no' }, { text: '2' });
    await says([]);
    const worthAPass = [
      'resource appeared',
      'ConfigMap/mine appeared',
      'ConfigMap/mine changed',
      'ConfigMap/mine deleted',
    ];
    await eventually(() => expect(reasons()).toEqual(worthAPass));
    await stage[Symbol.asyncDispose](); // A watch is in the audit log when it has ended.
    await eventually(() => {
      const { namespace } = stage;
      const watches = audit.since(start, { namespace, resource: 'configmaps', verbs: ['watch', 'list'] });
      const selectors = watches.map(({ uri }) => new URL(uri, 'https://x').searchParams.get('labelSelector'));
      expect(new Set(selectors)).toContain('part=yes');
    });
  });

  it('is read as one where it is mapped twice, each object once', async () => {
    const map = () => [];
    const twice = errands({
      owns: [],
      watches: [
        mapped(ConfigMap, map, { labelSelector: 'part=yes' }),
        mapped(ConfigMap, map, { labelSelector: 'part in (yes, no)' }),
      ],
      reconcile: async ({ metadata: { namespace } }, pass) => {
        const names = pass.cache.list(ConfigMap, { namespace }).map(({ metadata }) => metadata.name);
        const other = pass.cache.get(ConfigMap, { namespace, name: 'other' });
        return pass.report({ status: { said: `${names.join()} ${other?.metadata.name}` } });
      },
    });
    const namespace = 'mapped-twice';
    await using stage = await openStage({ kubeconfig, namespace, controllers: [twice] });
    await put(stage, 'mine', { part: 'yes' }, {});
    await put(stage, 'other', { part: 'no' }, {});
    await put(stage, 'strange', {}, {});
    // Seen by both watches before the pass.
    await eventually(() => expect(stage.runner.informers().map(({ size }) => size)).toEqual([0, 1, 2]));
    await stage.want('a', {});
    await eventually(async () => expect((await stage.get('a'))?.status?.said).toBe('mine,other other'));
  });
});

describe('the cache of a pass', () => {
  it('lists the children of the resource and finds resources by index', async () => {
    const looking = errands({
      indexes: { text: ({ spec: { text } }) => [text] },
      reconcile: async ({ metadata: { name }, spec }, pass) => {
        await pass.apply({ steps: [{ name: 'text', objects: [aText(name, spec.text)] }] });
        const children = pass.cache.list(ConfigMap).map(({ metadata }) => metadata.name);
        const alike = pass.cache.byIndex('text', spec.text).map(({ metadata }) => metadata.name);
        return pass.report({ status: { said: `${children.join()} ${alike.sort().join()}` } });
      },
    });
    await using stage = await openStage({ kubeconfig, namespace: 'cache-lists', controllers: [looking] });
    await stage.want('a', { text: 'same' });
    await eventually(async () => expect((await stage.get('a'))?.status?.said).toBe('a a'));
    await stage.want('b', { text: 'same' });
    await eventually(async () => expect((await stage.get('b'))?.status?.said).toBe('b a,b'));
    await stage.want('b', { text: 'other' });
    await eventually(async () => expect((await stage.get('b'))?.status?.said).toBe('b b'));
  });
});

describe('a predicate', () => {
  it('keeps changes back that need no pass, but never a deletion or an annotation of the runtime', async () => {
    const picky = errands({ predicate: ({ spec }, before) => spec.text !== before?.spec.text });
    await using stage = await openStage({ kubeconfig, namespace: 'predicate', controllers: [picky] });
    await stage.want('a', {});
    await eventually(() => expect(stage.passes).toHaveLength(1));
    await stage.want('a', { names: ['x'] });
    await never(() => expect(stage.passes.length).toBeGreaterThan(1), { during: 500 });
    await stage.want('a', { text: 'b', names: ['x'] });
    await eventually(() => expect(stage.passes).toHaveLength(2));
    await stage.annotate('a', { 'errand.capstan.dev/paused': 'true' });
    await eventually(() => expect(stage.passes.at(-1)?.result).toBe('Paused'));
    await stage.client.delete(Errand, { namespace: stage.namespace, name: 'a' });
    await eventually(() => expect(stage.passes.at(-1)?.result).toBe('Gone'));
  });
});

describe('a source of events', () => {
  it('starts passes of resources that exist, and is run again when it fails or ends', async () => {
    const runs: string[] = [];
    const source: EventSource = {
      name: 'bell',
      run: async (emit, signal) => {
        runs.push('run');
        if (runs.length === 1) throw new Error('the line is dead');
        if (runs.length === 2) return;
        emit({ namespace: 'event-source', name: 'a' }, 'it rang');
        emit({ namespace: 'event-source', name: 'nobody' }, 'it rang');
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
        runs.push('stopped');
      },
    };
    const listening = errands({ sources: [source] });
    await using stage = await openStage({ kubeconfig, namespace: 'event-source', controllers: [listening] });
    await stage.want('a', {});
    await eventually(() =>
      expect(stage.passes.flatMap(({ triggers }) => triggers.map(({ reason }) => reason))).toContain('bell: it rang'),
    );
    expect(stage.passes.map(({ name }) => name)).not.toContain('nobody');
    expect(stage.lines).toContainEqual(
      expect.objectContaining({ source: 'bell', err: expect.objectContaining({ message: 'the line is dead' }) }),
    );
    await stage[Symbol.asyncDispose]();
    expect(runs).toEqual(['run', 'run', 'run', 'stopped']);
  });
});
