import {
  ClusterRole,
  ClusterRoleBinding,
  ConfigMap,
  createClient,
  type Draft,
  type KubeObject,
  loadKubeConfig,
} from '@capstan/kube';
import { eventually, never } from '@capstan/testkit';
import { describe, expect, inject, it } from 'vitest';
import { rbacOf } from '../rbac.ts';
import { type Controller, controller } from './controller.ts';
import { type ControllerOptions, owned } from './reconciler.ts';
import { aText, Errand, openStage } from './stage.fixture.ts';

const kubeconfig = inject('kubeconfig');
const former = ['old.capstan.dev/finalizer', 'older.capstan.dev/finalizer'];
const paused = { 'errand.capstan.dev/paused': 'true' };

function errands(over: Partial<ControllerOptions<Errand>> = {}): Controller {
  return controller<Errand>(Errand, {
    name: 'successor',
    owns: [owned(ConfigMap)],
    formerFinalizers: former,
    reconcile: async ({ metadata: { name, finalizers = [] } }, pass) => {
      await pass.apply({ steps: [{ name: 'all', objects: [aText(name, 'x')] }] });
      return pass.report({ status: { said: `held by ${finalizers.join()}` } });
    },
    ...over,
  });
}

/** An account that may do what the controller declares, and nothing else. */
async function accountFor(operator: Controller, name: string): Promise<string> {
  const client = createClient(await loadKubeConfig({ path: kubeconfig }));
  const serviceAccount = { namespace: name, name: 'operator' };
  const typeOf = ({ kind }: Draft<KubeObject>) => (kind === 'ClusterRole' ? ClusterRole : ClusterRoleBinding);
  for (const object of rbacOf([operator], { name, serviceAccount, scope: 'cluster' }))
    await client.apply(typeOf(object), object, { fieldManager: 'test' });
  await client.close();
  return `system:serviceaccount:${name}:operator`;
}

describe('finalizers of an earlier operator', () => {
  it('are taken off by one write of an account that may do only what is declared, and others stay', async () => {
    const operator = errands();
    const namespace = 'former-taken-off';
    const user = await accountFor(operator, namespace);
    await using stage = await openStage({ kubeconfig, namespace, user, controllers: [operator] });
    await stage.want('a', {}, { finalizers: [...former, 'test.capstan.dev/other'] });
    await eventually(async () => expect((await stage.get('a'))?.status?.said).toBe('held by test.capstan.dev/other'));
    expect((await stage.get('a'))?.metadata.finalizers).toEqual(['test.capstan.dev/other']);
    expect(stage.lines).toContainEqual(expect.objectContaining({ finalizers: former }));
    await eventually(() => expect(stage.passes).not.toEqual([]));
    const writes = stage.passes.flatMap(({ calls }) => calls.filter(({ path }) => path.endsWith('/errands/a')));
    expect(writes).toMatchObject([{ method: 'PATCH', status: 200 }]);
    await stage.client.patch(
      Errand,
      { namespace, name: 'a' },
      { kind: 'merge', body: { metadata: { finalizers: [] } } },
    );
  });

  it('let a resource go that is being deleted, paused or not, without anything being made for it', async () => {
    const namespace = 'former-deleted';
    const client = createClient(await loadKubeConfig({ path: kubeconfig }));
    await using stage = await openStage({ kubeconfig, namespace, controllers: [errands()] });
    await stage.want('a', {}, { finalizers: [...former], annotations: paused });
    await eventually(() => expect(stage.passes.at(-1)?.result).toBe('Paused'));
    expect((await stage.get('a'))?.metadata.finalizers).toEqual(former);
    await client.delete(Errand, { namespace, name: 'a' });
    await eventually(async () => expect(await stage.get('a')).toBeUndefined());
    await client.close();
    expect(await stage.texts()).toEqual({});
  });

  it('give way to the finalizer of the controller, which is there first', async () => {
    const namespace = 'former-replaced';
    const finalizer = 'errand.capstan.dev/present';
    let isAway = true;
    const run = async () => {
      if (!isAway) return 'Done' as const;
      return { waitingFor: { reason: 'Away', message: 'nobody answers' }, recheckAfterMs: 100 };
    };
    const operator = errands({ finalize: { finalizer, run } });
    await using stage = await openStage({ kubeconfig, namespace, controllers: [operator] });
    const lists: string[] = [];
    const watching = new AbortController();
    const watched = (async () => {
      for await (const event of stage.client.watch(Errand, { namespace, signal: watching.signal }))
        if (event.type !== 'BOOKMARK') lists.push((event.object.metadata.finalizers ?? []).join());
    })().catch(() => {});
    await stage.want('a', {}, { finalizers: [...former] });
    await eventually(async () => expect((await stage.get('a'))?.status?.said).toBe(`held by ${finalizer}`));
    await eventually(() => expect(lists).toContain(finalizer));
    watching.abort();
    await watched;
    expect(lists).not.toContain('');
    await stage.client.delete(Errand, { namespace, name: 'a' });
    await never(async () => expect(await stage.get('a')).toBeUndefined(), { during: 500 });
    isAway = false;
    await eventually(async () => expect(await stage.get('a')).toBeUndefined());
  });

  it('that stood for the same have the resource cleaned up before it goes', async () => {
    const namespace = 'former-same';
    const [same = '', other = ''] = former;
    const cleaned: string[] = [];
    const run = async ({ metadata: { finalizers = [] } }: Errand) => {
      cleaned.push(finalizers.join());
      return 'Done' as const;
    };
    const finalize = { finalizer: 'errand.capstan.dev/present', formerNames: [same], run };
    const client = createClient(await loadKubeConfig({ path: kubeconfig }));
    await using stage = await openStage({
      ...{ kubeconfig, namespace },
      controllers: [errands({ formerFinalizers: [other], finalize })],
    });
    await stage.want('a', {}, { finalizers: [...former], annotations: paused });
    await eventually(() => expect(stage.passes.at(-1)?.result).toBe('Paused'));
    await client.delete(Errand, { namespace, name: 'a' });
    await eventually(async () => expect(await stage.get('a')).toBeUndefined());
    await client.close();
    expect(cleaned).toEqual([same]);
  });

  it('cannot be the present one too', () => {
    const finalize = { finalizer: former[0] ?? '', run: async () => 'Done' as const };
    expect(() => errands({ finalize })).toThrow('old.capstan.dev/finalizer is the finalizer of successor');
  });
});
