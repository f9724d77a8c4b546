import {
  createClient,
  DaemonSet,
  Deployment,
  Job,
  type KubeClient,
  type KubeObject,
  loadKubeConfig,
  Namespace,
  Pod,
  type ResourceType,
  StatefulSet,
} from '@capstan/kube';
import { eventually } from '@capstan/testkit';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { podsTrouble } from './pod-trouble.ts';
import { type Rollout, rolloutOf } from './rollout.ts';

let client: KubeClient;
const fieldManager = 'rollout-test';

beforeAll(async () => {
  client = createClient(await loadKubeConfig({ path: inject('kubeconfig') }));
});
afterAll(() => client?.close());

async function inNamespace(name: string): Promise<string> {
  const namespace = `rollout-${name}`;
  await client.create(Namespace, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  return namespace;
}

/** `behaviour` is what kwok makes of the pods; see the control plane's README. */
const template = (version: string, behaviour = 'ready') => ({
  metadata: { labels: { app: 'a' }, annotations: { 'capstan.dev/pod': behaviour } },
  spec: { containers: [{ name: 'main', image: `registry.test/main:${version}` }], terminationGracePeriodSeconds: 0 },
});
const selector = { matchLabels: { app: 'a' } };

function apply<T extends KubeObject>(type: ResourceType<T>, namespace: string, kind: string, spec: object): Promise<T> {
  const apiVersion = `${type.group}/${type.version}`;
  const body = { apiVersion, kind, metadata: { namespace, name: 'a' }, spec };
  // The test writes bodies of the kind it names.
  return client.apply(type as ResourceType, body, { fieldManager, force: true }) as Promise<T>;
}

async function rolloutIn(type: ResourceType, namespace: string): Promise<Rollout> {
  return rolloutOf(await client.get(type, { namespace, name: 'a' }));
}

async function becomes(type: ResourceType, namespace: string, expected: object): Promise<void> {
  await eventually(async () => expect(await rolloutIn(type, namespace)).toMatchObject(expected), { timeout: 20_000 });
}

describe('the rollout of a StatefulSet that its real controller drives', () => {
  const set = (namespace: string, version: string, more: object = {}) =>
    apply(StatefulSet, namespace, 'StatefulSet', {
      replicas: 2,
      serviceName: 'a',
      selector,
      template: template(version),
      ...more,
    });

  it('is never complete between a change and its end', async () => {
    const namespace = await inNamespace('rolling');
    expect(rolloutOf(await set(namespace, '1'))).toMatchObject({ state: 'InProgress', ready: 0, wanted: 2 });
    await becomes(StatefulSet, namespace, { state: 'Complete', updated: 2, ready: 2 });
    expect(rolloutOf(await set(namespace, '2'))).toMatchObject({ state: 'InProgress', isUpdating: true, updated: 0 });
    await becomes(StatefulSet, namespace, { state: 'Complete', updated: 2, ready: 2 });
    const { items } = await client.list(Pod, { namespace });
    expect(items.map(({ spec }) => spec?.containers[0]?.image)).toEqual([
      'registry.test/main:2',
      'registry.test/main:2',
    ]);
  });

  it('under OnDelete is complete when the last pod was replaced', async () => {
    const namespace = await inNamespace('on-delete');
    const onDelete = { updateStrategy: { type: 'OnDelete' } };
    await set(namespace, '1', onDelete);
    await becomes(StatefulSet, namespace, { state: 'Complete' });
    await set(namespace, '2', onDelete);
    await becomes(StatefulSet, namespace, { state: 'InProgress', isUpdating: true, updated: 0, ready: 2 });
    await client.delete(Pod, { namespace, name: 'a-1' });
    await becomes(StatefulSet, namespace, { state: 'InProgress', isUpdating: true, updated: 1, ready: 2 });
    await client.delete(Pod, { namespace, name: 'a-0' });
    await becomes(StatefulSet, namespace, { state: 'Complete', updated: 2, ready: 2 });
  });

  it('with a partition is complete when the pods above it are updated', async () => {
    const namespace = await inNamespace('partition');
    const partition = { updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 1 } } };
    await set(namespace, '1', partition);
    await becomes(StatefulSet, namespace, { state: 'Complete' });
    await set(namespace, '2', partition);
    await becomes(StatefulSet, namespace, { state: 'Complete', updated: 1, ready: 2 });
  });
});

describe('the rollout of other workloads that their real controllers drive', () => {
  it('is stalled for a Deployment past its deadline, and replaced by a new template', async () => {
    const namespace = await inNamespace('deployment');
    const deployment = (behaviour: string) => {
      const spec = { replicas: 2, selector, template: template('1', behaviour), progressDeadlineSeconds: 1 };
      return apply(Deployment, namespace, 'Deployment', spec);
    };
    await deployment('never-ready');
    await becomes(Deployment, namespace, { state: 'Stalled', reason: 'ProgressDeadlineExceeded' });
    expect(rolloutOf(await deployment('ready'))).toMatchObject({ state: 'InProgress', isUpdating: true });
    await becomes(Deployment, namespace, { state: 'Complete', updated: 2, ready: 2 });
  });

  it('is complete for a DaemonSet when every node has it', async () => {
    const namespace = await inNamespace('daemon-set');
    expect(rolloutOf(await apply(DaemonSet, namespace, 'DaemonSet', { selector, template: template('1') })).state).toBe(
      'InProgress',
    );
    await eventually(async () => {
      const rollout = await rolloutIn(DaemonSet, namespace);
      expect(rollout).toMatchObject({ state: 'Complete' });
      expect('wanted' in rollout && rollout.wanted).toBeGreaterThan(0);
    });
  });

  it('is complete for a Job that has done its work, and stalled for one that has failed', async () => {
    const job = (behaviour: string) => {
      const { spec, metadata } = template('1', behaviour);
      return { backoffLimit: 0, template: { metadata, spec: { ...spec, restartPolicy: 'Never' } } };
    };
    const [done, failed] = [await inNamespace('job-done'), await inNamespace('job-failed')];
    await apply(Job, done, 'Job', job('ready'));
    await apply(Job, failed, 'Job', job('fail'));
    await becomes(Job, done, { state: 'Complete', ready: 1 });
    await becomes(Job, failed, { state: 'Stalled', reason: 'BackoffLimitExceeded' });
  });
});

describe('pods in trouble', () => {
  it('are told with what keeps them from running', async () => {
    const namespace = await inNamespace('trouble');
    const pod = (name: string, behaviour: string, spec: object = {}) => {
      const { metadata, spec: base } = template('1', behaviour);
      const object = {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { ...metadata, namespace, name },
        spec: { ...base, ...spec },
      };
      return client.create(Pod as ResourceType, object);
    };
    await pod('crashing', 'crash-loop');
    await pod('failed', 'fail');
    await pod('fine', 'ready');
    await pod('imageless', 'image-pull');
    await pod('homeless', 'ready', { nodeSelector: { 'example.test/no-such': 'node' } });
    await eventually(
      async () => {
        const { items } = await client.list(Pod, { namespace });
        expect(podsTrouble(items).map(({ pod: name, reason }) => `${name}: ${reason}`)).toEqual([
          'crashing: CrashLoopBackOff',
          expect.stringMatching(/^failed: /),
          'homeless: Unschedulable',
          'imageless: ImagePullBackOff',
        ]);
      },
      { timeout: 20_000 },
    );
  });
});
