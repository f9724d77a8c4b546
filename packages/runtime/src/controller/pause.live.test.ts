import { ConfigMap } from '@capstan/kube';
import { AuditLog, eventually, never, writeVerbs } from '@capstan/testkit';
import { describe, expect, inject, it } from 'vitest';
import { setConditions } from '../conditions.ts';
import { controller } from './controller.ts';
import { owned } from './reconciler.ts';
import { aText, Errand, openStage } from './stage.fixture.ts';

const paused = 'errand.capstan.dev/paused';
const kubeconfig = inject('kubeconfig');

const errands = controller<Errand>(Errand, {
  name: 'pause-operator',
  owns: [owned(ConfigMap)],
  reconcile: async ({ metadata: { name }, spec, status }, pass) => {
    await pass.apply({ steps: [{ name: 'text', objects: [aText(name, spec.text)] }] });
    const ready = { type: 'Ready', status: 'True', reason: 'Made', message: '' } as const;
    return pass.report({
      status: { said: spec.text, conditions: setConditions(status?.conditions, [ready], { now: pass.now }) },
    });
  },
});

describe('a paused resource', () => {
  it('is left alone but for its status, and worked on again as soon as the annotation is gone', async () => {
    await using stage = await openStage({ kubeconfig, namespace: 'pause-resume', controllers: [errands] });
    await stage.want('a', {});
    await eventually(async () => expect((await stage.get('a'))?.status?.said).toBe('a'));

    await stage.annotate('a', { [paused]: 'true' });
    await eventually(async () =>
      expect(await stage.condition('a', 'Paused')).toBe(
        'True PausedByAnnotation: nothing but the status is written while the annotation errand.capstan.dev/paused is "true"',
      ),
    );
    const audit = new AuditLog(inject('auditLog'));
    const start = audit.position();
    await stage.want('a', { text: 'b' });
    await stage.client.delete(ConfigMap, { namespace: stage.namespace, name: 'a' });
    await eventually(() => expect(stage.passes.filter(({ result }) => result === 'Paused').length).toBeGreaterThan(1));
    await never(async () => expect(await stage.texts()).not.toEqual({}), { during: 1_000, interval: 250 });
    const writes = audit.since(start, { namespace: stage.namespace, resource: 'configmaps', verbs: writeVerbs });
    const ofErrand = writes.filter(({ name }) => name === 'a');
    expect(ofErrand.map(({ verb }) => verb)).toEqual(['delete']); // the one of this test
    expect(await stage.condition('a', 'Ready')).toMatch(/^True/);

    await stage.annotate('a', { [paused]: null });
    await eventually(async () => expect(await stage.texts()).toEqual({ a: 'b' }));
    await eventually(async () => expect(await stage.condition('a', 'Paused')).toBeUndefined());
    await eventually(async () =>
      expect(await stage.events('a')).toEqual(expect.arrayContaining(['Paused', 'Resumed'])),
    );
  });

  it('is told so when it is made paused, and nothing is made for it', async () => {
    await using stage = await openStage({ kubeconfig, namespace: 'pause-new', controllers: [errands] });
    await stage.want('a', {}, { annotations: { [paused]: 'true' } });
    await eventually(async () => expect(await stage.condition('a', 'Paused')).toMatch(/^True/));
    expect(await stage.texts()).toEqual({});
  });

  it('can be deleted', async () => {
    await using stage = await openStage({ kubeconfig, namespace: 'pause-delete', controllers: [errands] });
    await stage.want('a', {}, { annotations: { [paused]: 'true' } });
    await eventually(async () => expect(await stage.condition('a', 'Paused')).toMatch(/^True/));
    await stage.client.delete(Errand, { namespace: stage.namespace, name: 'a' });
    await eventually(async () => expect(await stage.get('a')).toBeUndefined());
  });

  it('is not paused by another value of the annotation', async () => {
    await using stage = await openStage({ kubeconfig, namespace: 'pause-false', controllers: [errands] });
    await stage.want('a', {}, { annotations: { [paused]: 'false' } });
    await eventually(async () => expect(await stage.texts()).toEqual({ a: 'a' }));
  });
});

describe('a denied namespace', () => {
  it('has its resources left alone, and the log says so once', async () => {
    await using stage = await openStage({
      ...{ kubeconfig, namespace: 'deny-me', alsoIn: ['deny-others'], deniedNamespaces: ['deny-me'] },
      controllers: [errands],
    });
    await stage.want('a', {});
    await stage.want('b', {});
    const body: Errand = {
      ...{ apiVersion: 'errand.capstan.dev/v1', kind: 'Errand', spec: { text: 'x' } },
      metadata: { namespace: 'deny-others', name: 'x' },
    };
    await stage.client.create(Errand, body);
    await eventually(async () =>
      expect(await stage.client.get(ConfigMap, { namespace: 'deny-others', name: 'x' })).toBeDefined(),
    );
    expect(await stage.texts()).toEqual({});
    expect(stage.lines.filter(({ msg }) => String(msg).includes('deny list'))).toMatchObject([
      { namespace: 'deny-me' },
    ]);
  });
});
