import { customResource, type ResourceOf, Type } from '@capstan/crd';
import {
  ClusterRole,
  ConfigMap,
  CustomResourceDefinition,
  createClient,
  loadKubeConfig,
  Namespace,
} from '@capstan/kube';
import { eventually, untilServed } from '@capstan/testkit';
import { describe, expect, inject, it } from 'vitest';
import { createLogger } from '../log.ts';
import { Manager } from '../manager.ts';
import { controller } from './controller.ts';
import type { Plan } from './plan.ts';
import { owned } from './reconciler.ts';
import { aText, Errand, openStage } from './stage.fixture.ts';

const kubeconfig = inject('kubeconfig');

/** A kind whose resources live in no namespace. */
const Estate = customResource({
  group: 'estate.capstan.dev',
  version: 'v1',
  kind: 'Estate',
  plural: 'estates',
  description: 'Something that many namespaces have to do with.',
  namespaced: false,
  spec: Type.Object({
    texts: Type.Array(Type.String({ maxLength: 20 }), { maxItems: 5, description: 'Names of texts.' }),
  }),
  status: Type.Object({}),
});
type Estate = ResourceOf<typeof Estate>;

const namespace = 'places-estate';

const estates = controller<Estate>(Estate, {
  name: 'estate-operator',
  owns: [owned(ConfigMap)],
  reconcile: async ({ spec: { texts } }, pass) => {
    const objects = texts.map((name) => ({ ...aText(name, 'a'), metadata: { namespace, name } }));
    await pass.apply({ steps: [{ name: 'texts', objects }] });
    return pass.report({ status: {} });
  },
});

function anEstate(texts: readonly string[]): Estate {
  return {
    apiVersion: 'estate.capstan.dev/v1',
    kind: 'Estate',
    metadata: { name: 'places' },
    spec: { texts: [...texts] },
  };
}

describe('a resource in no namespace', () => {
  it('has its children put right and pruned in the namespaces they live in', async () => {
    const connection = await loadKubeConfig({ path: kubeconfig });
    const client = createClient(connection);
    const asUser = { fieldManager: 'a-user', force: true };
    await client.apply(CustomResourceDefinition, Estate.manifest(), asUser);
    await untilServed(client, Estate, anEstate([]), AbortSignal.timeout(30_000));
    await client.apply(Namespace, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }, asUser);
    const log = createLogger({ level: 'error' });
    const manager = new Manager({ connection, controllers: [estates], log, namespaces: [namespace] });
    const stop = new AbortController();
    const ended = manager.run(stop.signal);
    const texts = async () => {
      const { items } = await client.list(ConfigMap, { namespace });
      return items.map(({ metadata: { name } }) => name).filter((name) => name !== 'kube-root-ca.crt');
    };
    await client.apply(Estate, anEstate(['one', 'two']), asUser);
    await eventually(async () => expect(await texts()).toEqual(['one', 'two']));
    await client.delete(ConfigMap, { namespace, name: 'one' });
    await eventually(async () => expect(await texts()).toEqual(['one', 'two']));
    await client.apply(Estate, anEstate(['two']), asUser);
    await eventually(async () => expect(await texts()).toEqual(['two']));
    stop.abort();
    await ended;
    await client.close();
  });
});

describe('a plan that cannot be', () => {
  it.each([
    {
      why: 'it owns what is in no namespace',
      namespace: 'places-cluster',
      object: { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: { name: 'places' } },
      says: 'ClusterRole/places of Errand/a: a resource in a namespace cannot own a ClusterRole, which is in none',
    },
    {
      why: 'it reaches into another namespace',
      namespace: 'places-elsewhere',
      object: { ...aText('there', 'a'), metadata: { namespace: 'default', name: 'places-there' } },
      says: 'ConfigMap/places-there of Errand/a is to be in namespace default: a resource in places-elsewhere can own nothing outside of it',
    },
    {
      why: 'it names an object twice',
      namespace: 'places-twice',
      object: aText('one', 'b'),
      says: 'ConfigMap/one is in the plan twice: put all of it into one object',
    },
  ])('is refused before anything is written, because $why', async ({ namespace: place, object, says }) => {
    const plan: Plan = { steps: [{ name: 'first', objects: [aText('one', 'a'), object] }] };
    const errands = controller<Errand>(Errand, {
      name: 'places-operator',
      owns: [owned(ConfigMap), owned(ClusterRole)],
      reconcile: async (_errand, pass) => {
        await pass.apply(plan);
        return pass.report({ status: {} });
      },
    });
    await using stage = await openStage({ kubeconfig, namespace: place, controllers: [errands] });
    await stage.want('a', {});
    await eventually(() => expect(stage.passes.at(0)).toMatchObject({ result: 'Refused', error: says }));
    expect(await stage.texts()).toEqual({});
    expect(await stage.client.get(ClusterRole, { name: 'places' })).toBeUndefined();
  });
});
