import { ConfigMap, type OwnerReference, Secret } from '@capstan/kube';
import { eventually } from '@capstan/testkit';
import { describe, expect, inject, it } from 'vitest';
import type { PassRecord } from '../observe/pass-record.ts';
import { controller } from './controller.ts';
import { type CallRule, type ControllerOptions, owned, type Pass } from './reconciler.ts';
import { aText, Errand, openStage, type Stage } from './stage.fixture.ts';
import { mapped } from './watched-kind.ts';

const kubeconfig = inject('kubeconfig');

function mayDo(...verbs: readonly string[]): readonly CallRule[] {
  return [{ apiGroups: [''], resources: ['configmaps'], verbs }];
}

/** Errands whose one pass says what `act` gives. */
function errands(
  act: (errand: Errand, pass: Pass<Errand>) => Promise<string>,
  over: Partial<ControllerOptions<Errand>>,
) {
  return controller<Errand>(Errand, {
    name: 'calls-operator',
    owns: [],
    reconcile: async (errand, pass) => pass.report({ status: { said: await act(errand, pass) } }),
    ...over,
  });
}

async function put({ client, namespace }: Stage, name: string, labels = {}): Promise<string> {
  const body: ConfigMap = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace, name, labels } };
  const { metadata } = await client.apply(ConfigMap, body, { fieldManager: 'a-user' });
  return metadata.uid ?? '';
}

/** Until the errand `a` has said something; the pass in which it did. */
async function said(stage: Stage, text: string): Promise<PassRecord | undefined> {
  await eventually(async () => expect((await stage.get('a'))?.status?.said).toBe(text));
  const spoke = () => stage.passes.find(({ status }) => status === 'Written');
  await eventually(() => expect(spoke()).toBeDefined());
  return spoke();
}

describe('a list that a pass asks for', () => {
  const names = (objects: readonly ConfigMap[]) => objects.map(({ metadata }) => metadata.name).join();

  it('holds what has the labels in the namespace of the resource, and is noted object by object', async () => {
    const listing = errands(
      async (_errand, pass) => {
        const here = names(await pass.list(ConfigMap, { labelSelector: 'app=web' }));
        return `${here}; ${names(await pass.list(ConfigMap, { labelSelector: 'app=none' }))}`;
      },
      { calls: mayDo('list') },
    );
    const setting = { kubeconfig, namespace: 'calls-list', alsoIn: ['calls-list-other'], controllers: [listing] };
    await using stage = await openStage(setting);
    await put(stage, 'one', { app: 'web' });
    await put(stage, 'two', { app: 'web' });
    await put(stage, 'three', { app: 'db' });
    await put({ ...stage, namespace: 'calls-list-other' }, 'elsewhere', { app: 'web' });
    await stage.want('a', {});
    const pass = await said(stage, 'one,two; ');
    const at = { kind: 'ConfigMap', namespace: stage.namespace };
    const resourceVersion = expect.stringMatching(/^\d+$/);
    expect(pass?.reads).toEqual([
      { ...at, name: 'one', resourceVersion },
      { ...at, name: 'two', resourceVersion },
      { ...at, name: '*' },
    ]);
  });

  it('leads to another namespace where the pass says so', async () => {
    const listing = errands(
      async (_errand, pass) => names(await pass.list(ConfigMap, { namespace: 'kube-public', labelSelector: '!x' })),
      { calls: mayDo('list') },
    );
    await using stage = await openStage({ kubeconfig, namespace: 'calls-list-there', controllers: [listing] });
    await stage.want('a', {});
    await eventually(async () => expect((await stage.get('a'))?.status?.said).toContain('kube-root-ca.crt'));
  });

  it('needs no rule for a kind that is mapped or owned, and one for any other', async () => {
    const listing = errands(
      async (_errand, pass) => {
        await pass.list(ConfigMap);
        return pass.list(Secret).then(String, ({ message }) => message.slice(0, 60));
      },
      { watches: [mapped(ConfigMap, () => [])], calls: mayDo('get') },
    );
    await using stage = await openStage({ kubeconfig, namespace: 'calls-list-declared', controllers: [listing] });
    await stage.want('a', {});
    await said(stage, 'Secret is listed by a pass: let "watches" have it as referenced or mapped'.slice(0, 60));
  });
});

describe('an object that a pass deletes', () => {
  /** Deletes what a spec names: `name/uid`. */
  const removing = errands(
    async ({ spec: { names = [] } }, pass) => {
      const results: string[] = [];
      for (const each of names) {
        const [name = '', uid = ''] = each.split('/');
        results.push(await pass.remove(ConfigMap, { name, uid }));
      }
      return results.join();
    },
    { calls: mayDo('delete'), predicate: (_errand, before) => before === undefined },
  );

  it('is the one that was meant, and no other that has its name', async () => {
    await using stage = await openStage({ kubeconfig, namespace: 'calls-remove', controllers: [removing] });
    const { client, namespace } = stage;
    const [meant, other] = [await put(stage, 'meant'), await put(stage, 'other')];
    await stage.want('a', { names: [`meant/${meant}`, `other/${meant}`, `missing/${other}`] });
    const pass = await said(stage, 'Removed,Gone,Gone');
    expect(await client.get(ConfigMap, { namespace, name: 'meant' })).toBeUndefined();
    expect((await client.get(ConfigMap, { namespace, name: 'other' }))?.metadata.uid).toBe(other);
    expect(pass?.removals).toEqual([
      { kind: 'ConfigMap', namespace, name: 'meant', result: 'Removed' },
      { kind: 'ConfigMap', namespace, name: 'other', result: 'Gone' },
      { kind: 'ConfigMap', namespace, name: 'missing', result: 'Gone' },
    ]);
    expect(pass?.calls.filter(({ method }) => method === 'DELETE').map(({ status }) => status)).toEqual([
      200, 409, 404,
    ]);
    expect(stage.lines).toContainEqual(
      expect.objectContaining({ msg: 'removal', object: 'ConfigMap/meant', result: 'Removed' }),
    );
  });

  it('counts as a change: the events of its pass are recorded although the status stays', async () => {
    const telling = controller<Errand>(Errand, {
      name: 'calls-operator',
      owns: [],
      calls: mayDo('list', 'delete'),
      reconcile: async (_errand, pass) => {
        for (const { metadata } of await pass.list(ConfigMap, { labelSelector: 'doomed' }))
          await pass.remove(ConfigMap, { name: metadata.name, uid: metadata.uid ?? '' });
        const event = { type: 'Normal', reason: 'Replaced', action: 'Replace', note: 'replaced' } as const;
        return pass.report({ status: { said: 'the same' }, events: [event] });
      },
    });
    await using stage = await openStage({ kubeconfig, namespace: 'calls-remove-event', controllers: [telling] });
    await stage.want('a', {});
    await said(stage, 'the same');
    await put(stage, 'one', { doomed: 'yes' });
    await stage.annotate('a', { look: 'again' });
    await eventually(() => expect(stage.passes.at(-1)).toMatchObject({ status: 'Unchanged', removals: [{}] }));
    await eventually(async () => expect(await stage.events('a')).toContain('Replaced'));
  });

  it('must be of a kind that may be deleted, and no child', async () => {
    const child = aText('child', 'a');
    const refused = errands(
      async (_errand, pass) => {
        const undeclared = await pass.remove(Secret, { name: 'x', uid: 'u' }).catch(({ message }) => message);
        const { live } = await pass.apply({ steps: [{ name: 'all', objects: [child] }] });
        const { name = '', uid = '' } = live(child)?.metadata ?? {};
        return `${undeclared}; ${await pass.remove(ConfigMap, { name, uid }).catch(({ message }) => message)}`;
      },
      { owns: [owned(ConfigMap)], calls: mayDo('delete') },
    );
    await using stage = await openStage({ kubeconfig, namespace: 'calls-remove-refused', controllers: [refused] });
    await stage.want('a', {});
    await said(
      stage,
      'Secret is deleted by a pass: add a rule for "delete" under "calls"; ' +
        'ConfigMap/child is a child of this resource: leave it out of the plan, and it is pruned',
    );
    expect(Object.keys(await stage.texts())).toEqual(['child']);
  });

  it('may be owned when it was never applied here, for it would never be pruned', async () => {
    const clearing = errands(
      async (_errand, pass) => {
        const [left] = await pass.list(ConfigMap, { labelSelector: 'left' });
        const { name, uid = '' } = left?.metadata ?? {};
        return name === undefined ? 'nothing' : pass.remove(ConfigMap, { name, uid });
      },
      {
        owns: [owned(ConfigMap)],
        calls: mayDo('list', 'delete'),
        predicate: (_errand, before) => before === undefined,
      },
    );
    await using stage = await openStage({ kubeconfig, namespace: 'calls-remove-owned', controllers: [clearing] });
    const { client, namespace } = stage;
    await stage.want('a', {});
    await said(stage, 'nothing');
    const { apiVersion, kind, metadata } = (await stage.get('a')) ?? {};
    const owner = { apiVersion, kind, name: 'a', uid: metadata?.uid, controller: true } as OwnerReference; // of what there is
    const left = { namespace, name: 'left', labels: { left: 'yes' }, ownerReferences: [owner] };
    await client.create(
      ConfigMap,
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: left },
      { fieldManager: 'manager' },
    );
    const removals = () => stage.passes.flatMap((pass) => pass.removals ?? []);
    await eventually(() => expect(removals()).toMatchObject([{ name: 'left', result: 'Removed' }]));
    expect(await client.get(ConfigMap, { namespace, name: 'left' })).toBeUndefined();
  });

  it('may go before its resource does', async () => {
    const leaving = errands(async () => 'made', {
      calls: mayDo('list', 'delete'),
      finalize: {
        finalizer: 'errand.capstan.dev/left-over',
        run: async (_errand, pass) => {
          for (const { metadata } of await pass.list(ConfigMap, { labelSelector: 'doomed' }))
            await pass.remove(ConfigMap, { name: metadata.name, uid: metadata.uid ?? '' });
          return 'Done';
        },
      },
    });
    await using stage = await openStage({ kubeconfig, namespace: 'calls-remove-last', controllers: [leaving] });
    const { client, namespace } = stage;
    await put(stage, 'one', { doomed: 'yes' });
    await stage.want('a', {});
    await said(stage, 'made');
    await client.delete(Errand, { namespace, name: 'a' });
    await eventually(async () => expect(await stage.get('a')).toBeUndefined());
    expect(await client.get(ConfigMap, { namespace, name: 'one' })).toBeUndefined();
  });
});
