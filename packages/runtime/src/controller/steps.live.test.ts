import { ConfigMap, type KubeObject, type ResourceType, StatefulSet } from '@capstan/kube';
import { AuditLog, eventually } from '@capstan/testkit';
import { describe, expect, inject, it } from 'vitest';
import { rolledOut } from '../rollout/rolled-out.ts';
import { type ChildOptions, child } from './child.ts';
import { controller } from './controller.ts';
import type { Outcome, StepWaiting } from './outcome.ts';
import { owned, ownedWithStatus } from './reconciler.ts';
import { aText, Errand, openStage, type Stage } from './stage.fixture.ts';

const kubeconfig = inject('kubeconfig');

function aSet(serviceName: string): KubeObject {
  const labels = { app: 'first' };
  const template = { metadata: { labels }, spec: { containers: [{ name: 'main', image: 'registry.test/main:1' }] } };
  const spec = { replicas: 1, serviceName, selector: { matchLabels: labels }, template };
  const object = { apiVersion: 'apps/v1', kind: 'StatefulSet', metadata: { name: 'first' }, spec };
  return object;
}

/** A StatefulSet whose service name, which cannot be changed, is the errand's text; then a ConfigMap with that text. */
function errands(outcomes: Outcome[], rules: ChildOptions) {
  return controller<Errand>(Errand, {
    name: 'steps-operator',
    owns: [owned(ConfigMap), ownedWithStatus(StatefulSet as ResourceType)],
    reconcile: async ({ spec: { text } }, pass) => {
      const first = child(aSet(text), rules);
      const outcome = await pass.apply({
        steps: [
          { name: 'first', objects: [first], waitingFor: rolledOut([first]) },
          { name: 'second', objects: [aText('second', text)] },
        ],
      });
      outcomes.push(outcome);
      return pass.report({ status: { said: text } });
    },
  });
}

/** The same without a word on when the first is ready. */
function plainErrands(outcomes: Outcome[]) {
  return controller<Errand>(Errand, {
    name: 'steps-operator',
    owns: [owned(ConfigMap), ownedWithStatus(StatefulSet as ResourceType)],
    reconcile: async ({ spec: { text } }, pass) => {
      const steps = [
        { name: 'first', objects: [aSet(text)] },
        { name: 'second', objects: [aText('second', text)] },
      ];
      outcomes.push(await pass.apply({ steps }));
      return pass.report({ status: { said: text } });
    },
  });
}

/** Its second child is named after the text, and waits while the text is `wait`. */
const renaming = controller<Errand>(Errand, {
  name: 'steps-operator',
  owns: [owned(ConfigMap)],
  reconcile: async ({ spec: { text } }, pass) => {
    const waiting = { reason: 'NotYet', message: 'not yet' };
    const waitingFor = () => (text === 'wait' ? waiting : undefined);
    await pass.apply({
      steps: [
        { name: 'first', objects: [aText('first', text)], waitingFor },
        { name: 'second', objects: [aText(`for-${text}`, text)] },
      ],
    });
    return pass.report({ status: { said: text } });
  },
});

const until = { timeout: 30_000 };

async function untilText(stage: Stage, text: string): Promise<void> {
  await eventually(async () => expect(await stage.texts()).toEqual({ second: text }), until);
}

describe('a step whose object looks well', () => {
  it('is not ready while its change is refused', async () => {
    const outcomes: Outcome[] = [];
    await using stage = await openStage({
      kubeconfig,
      namespace: 'steps-refused',
      controllers: [errands(outcomes, {})],
    });
    await stage.want('a', { text: 'a' });
    await untilText(stage, 'a');
    await stage.want('a', { text: 'b' });
    await eventually(() => expect(outcomes.at(-1)?.failures).toMatchObject([{ reason: 'ImmutableField' }]), until);
    const waiting: Partial<StepWaiting> = { step: 'first', reason: 'NotApplied' };
    expect(outcomes.at(-1)?.waiting).toMatchObject(waiting);
    expect(outcomes.at(-1)?.children).toContainEqual(
      expect.objectContaining({ child: 'ConfigMap/second', action: 'Held' }),
    );
    // Back to what there is: nothing is in the way any more.
    await stage.want('a', { text: 'a' });
    await eventually(() => expect(outcomes.at(-1)).toMatchObject({ failures: [] }), until);
    expect(outcomes.at(-1)?.waiting).toBeUndefined();
  });

  it('is not ready while it is made anew', async () => {
    const outcomes: Outcome[] = [];
    const controllers = [errands(outcomes, { onImmutable: 'orphanAndRecreate' })];
    await using stage = await openStage({ kubeconfig, namespace: 'steps-anew', controllers });
    await stage.want('a', { text: 'a' });
    await untilText(stage, 'a');
    const audit = new AuditLog(inject('auditLog'));
    const start = audit.position();
    await stage.want('a', { text: 'b' });
    await untilText(stage, 'b');
    const writes = audit
      .since(start, { namespace: stage.namespace, verbs: ['delete', 'patch'] })
      .filter(
        ({ code, user, subresource, uri, resource }) =>
          code < 300 &&
          subresource === '' &&
          ['statefulsets', 'configmaps'].includes(resource) &&
          !/kube-system|system:kube/.test(user) &&
          !uri.includes('dryRun'),
      )
      .map(({ verb, name }) => `${verb} ${name}`);
    expect(writes).toEqual(['delete first', 'patch first', 'patch second']);
  });
});

/** Has two ConfigMaps more while the text is `a`, of which it calls one superfluous; one that is refused while it is `refused`. */
const removing = controller<Errand>(Errand, {
  name: 'steps-operator',
  owns: [owned(ConfigMap)],
  reconcile: async ({ spec: { text } }, pass) => {
    const refused: KubeObject = { ...aText('refused', text), ...{ data: { 'no such key!': text } } };
    const more = text === 'a' ? [aText('entry', 'a'), aText('former', 'a')] : [];
    await pass.apply({
      steps: [{ name: 'all', objects: [...more, ...(text === 'refused' ? [refused] : [])] }],
      superfluous: ({ metadata }) => metadata.name === 'entry',
    });
    return pass.report({ status: { said: text } });
  },
});

describe('a child that nothing takes the place of', () => {
  it('goes although another one is refused, and any other stays until nothing is', async () => {
    await using stage = await openStage({ kubeconfig, namespace: 'steps-removed', controllers: [removing] });
    await stage.want('a', { text: 'a' });
    await eventually(async () => expect(await stage.texts()).toEqual({ entry: 'a', former: 'a' }), until);
    await stage.want('a', { text: 'refused' });
    await eventually(async () => expect(await stage.texts()).toEqual({ former: 'a' }), until);
    await stage.want('a', { text: 'b' });
    await eventually(async () => expect(await stage.texts()).toEqual({}), until);
  });
});

describe('a step that says nothing of when it is ready', () => {
  it('holds back what comes after it while one of its objects is refused', async () => {
    const outcomes: Outcome[] = [];
    const controllers = [plainErrands(outcomes)];
    await using stage = await openStage({ kubeconfig, namespace: 'steps-plain', controllers });
    await stage.want('a', { text: 'a' });
    await untilText(stage, 'a');
    await stage.want('a', { text: 'b' });
    await eventually(() => expect(outcomes.at(-1)?.failures).toMatchObject([{ reason: 'ImmutableField' }]), until);
    expect(await stage.texts()).toEqual({ second: 'a' });
  });
});

describe('a child that gets another name', () => {
  it('stays until its successor has its turn', async () => {
    await using stage = await openStage({ kubeconfig, namespace: 'steps-renamed', controllers: [renaming] });
    await stage.want('a', { text: 'a' });
    await eventually(async () => expect(await stage.texts()).toEqual({ first: 'a', 'for-a': 'a' }), until);
    await stage.want('a', { text: 'wait' });
    await eventually(async () => expect(await stage.texts()).toEqual({ first: 'wait', 'for-a': 'a' }), until);
    await stage.want('a', { text: 'b' });
    await eventually(async () => expect(await stage.texts()).toEqual({ first: 'b', 'for-b': 'b' }), until);
  });
});
