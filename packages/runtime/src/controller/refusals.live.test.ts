import { ConfigMap } from '@capstan/kube';
import { eventually } from '@capstan/testkit';
import { expect, inject, it } from 'vitest';
import { setConditions } from '../conditions.ts';
import { TerminalError } from '../errors.ts';
import { controller } from './controller.ts';
import { owned } from './reconciler.ts';
import { aText, Errand, openStage } from './stage.fixture.ts';

const picky = controller<Errand>(Errand, {
  name: 'picky-operator',
  owns: [owned(ConfigMap)],
  reconcile: async ({ metadata: { name }, spec, status }, pass) => {
    if (spec.text === 'bad') throw new TerminalError('NotWanted', 'spec.text: "bad" is not wanted; ask for another');
    await pass.apply({ steps: [{ name: 'text', objects: [aText(name, spec.text)] }] });
    const ready = { type: 'Ready', status: 'True', reason: 'Made', message: '' } as const;
    return pass.report({ status: { conditions: setConditions(status?.conditions, [ready], { now: pass.now }) } });
  },
});

it('an error that only the user can end is told in status and by one event, until the next report', async () => {
  const setting = { kubeconfig: inject('kubeconfig'), namespace: 'refused-by-error', controllers: [picky] };
  await using stage = await openStage(setting);
  const conditions = (...types: readonly string[]) => Promise.all(types.map((type) => stage.condition('a', type)));
  await stage.want('a', { text: 'good' });
  await eventually(async () => expect(await stage.condition('a', 'Ready')).toMatch(/^True Made/));
  await stage.want('a', { text: 'bad' });
  await eventually(async () =>
    expect(await conditions('Ready', 'Stalled')).toEqual([
      'False NotWanted: spec.text: "bad" is not wanted; ask for another',
      'True NotWanted: spec.text: "bad" is not wanted; ask for another',
    ]),
  );
  await eventually(async () =>
    expect((await stage.events('a')).filter((reason) => reason === 'NotWanted')).toHaveLength(1),
  );
  expect(stage.passes.at(-1)).toMatchObject({ result: 'Refused', status: 'Written' });
  await stage.want('a', { text: 'good' });
  await eventually(async () => {
    expect(await stage.condition('a', 'Ready')).toMatch(/^True Made/);
    expect((await stage.get('a'))?.status?.conditions?.map(({ type }) => type)).toEqual(['Ready']);
  });
});
