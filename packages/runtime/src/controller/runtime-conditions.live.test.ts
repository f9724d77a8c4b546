import { ConfigMap } from '@capstan/kube';
import { eventually } from '@capstan/testkit';
import { expect, inject, it } from 'vitest';
import { setConditions } from '../conditions.ts';
import { controller } from './controller.ts';
import { owned } from './reconciler.ts';
import { aText, Errand, openStage } from './stage.fixture.ts';

const errands = controller<Errand>(Errand, {
  name: 'contest-operator',
  owns: [owned(ConfigMap)],
  reconcile: async ({ metadata: { name }, spec, status }, pass) => {
    await pass.apply({ steps: [{ name: 'text', objects: [aText(name, spec.text)] }] });
    const ready = { type: 'Ready', status: 'True', reason: 'Made', message: '' } as const;
    return pass.report({ status: { conditions: setConditions(status?.conditions, [ready], { now: pass.now }) } });
  },
});

it('a field that somebody keeps taking is named in a condition that the author did not write', async () => {
  const setting = { kubeconfig: inject('kubeconfig'), namespace: 'drift-contested', controllers: [errands] };
  await using stage = await openStage(setting);
  const { client, namespace } = stage;
  await stage.want('a', {});
  await eventually(async () => expect(await stage.texts()).toEqual({ a: 'a' }));
  const take = (text: string) => {
    const body: ConfigMap = { ...aText('a', text), metadata: { namespace, name: 'a' } };
    return client.apply(ConfigMap, body, { fieldManager: 'a-rival', force: true });
  };
  for (const text of ['one', 'two', 'three']) {
    await take(text);
    await eventually(async () => expect(await stage.texts()).toEqual({ a: 'a' }));
  }
  await take('four');
  await eventually(async () =>
    expect(await stage.condition('a', 'DriftContested')).toMatch(
      /^True FieldContested: a-rival keeps changing .*data.* of ConfigMap\/a\. Make it leave that alone/,
    ),
  );
  expect(await stage.condition('a', 'Ready')).toMatch(/^True/);
});
