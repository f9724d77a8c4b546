import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ControlPlane, startControlPlane } from './index.ts';
import { kubectl } from './kubectl.fixture.ts';
import { waitUntil } from './wait-until.ts';

let plane: ControlPlane;
beforeAll(async () => {
  plane = await startControlPlane({ nodes: 'kwok' });
});
afterAll(() => plane.stop());

const containers = [{ name: 'main', image: 'example.com/main:1' }];

function pod(name: string, behaviour?: string, spec: object = {}): object {
  const annotations = behaviour === undefined ? {} : { 'capstan.dev/pod': behaviour };
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name, annotations }, spec: { containers, ...spec } };
}

async function apply(object: object): Promise<void> {
  await kubectl(plane, ['apply', '-f', '-'], object);
}

async function read(kind: string, name: string): Promise<Record<string, never> & { status: Record<string, never> }> {
  return JSON.parse(await kubectl(plane, ['get', kind, name, '-o', 'json']));
}

/** What a person sees of a pod: phase, whether it is Ready, and why its first container does not run. */
async function summary(name: string): Promise<{ phase: string; ready: string; waiting?: string; restarts: number }> {
  const { status } = JSON.parse(await kubectl(plane, ['get', 'pod', name, '-o', 'json']));
  const ready = status.conditions?.find((condition: { type: string }) => condition.type === 'Ready')?.status ?? 'none';
  const [container] = status.containerStatuses ?? [];
  const waiting = container?.state?.waiting?.reason;
  return {
    phase: status.phase,
    ready,
    restarts: container?.restartCount ?? 0,
    ...(waiting === undefined ? {} : { waiting }),
  };
}

async function eventually(name: string, expected: object): Promise<void> {
  let seen: object = {};
  const matches = async (): Promise<boolean> => {
    seen = await summary(name);
    return Object.entries(expected).every(([key, value]) => Reflect.get(seen, key) === value);
  };
  await waitUntil(matches, { timeoutMs: 20_000, intervalMs: 100 });
  expect(seen).toMatchObject(expected);
}

describe('the annotation capstan.dev/pod', () => {
  test.each([
    ['no annotation', undefined, { phase: 'Running', ready: 'True' }],
    ['ready', 'ready', { phase: 'Running', ready: 'True' }],
    ['never-ready', 'never-ready', { phase: 'Running', ready: 'False' }],
    ['crash-loop', 'crash-loop', { phase: 'Running', ready: 'False', waiting: 'CrashLoopBackOff', restarts: 2 }],
    ['image-pull', 'image-pull', { phase: 'Pending', ready: 'False', waiting: 'ImagePullBackOff' }],
    ['fail', 'fail', { phase: 'Failed', ready: 'False' }],
    ['a value that means nothing', 'crashloop', { phase: 'Pending', ready: 'False', waiting: 'UnknownPodAnnotation' }],
  ])('%s', async (_, behaviour, expected) => {
    const name = `behaves-${behaviour ?? 'by-default'}`;
    await apply(pod(name, behaviour));
    await eventually(name, expected);
  });

  test('slow=2s runs first and is Ready two seconds later', async () => {
    await apply(pod('slow', 'slow=2s'));
    await eventually('slow', { phase: 'Running', ready: 'False' });
    await eventually('slow', { phase: 'Running', ready: 'True' });
    const { status } = JSON.parse(await kubectl(plane, ['get', 'pod', 'slow', '-o', 'json']));
    const ready = status.conditions.find((condition: { type: string }) => condition.type === 'Ready');
    expect(Date.parse(ready.lastTransitionTime) - Date.parse(status.startTime)).toBeGreaterThanOrEqual(1_000);
  });

  test('may change while the pod runs', async () => {
    await apply(pod('moody'));
    await eventually('moody', { ready: 'True' });
    await kubectl(plane, ['annotate', 'pod', 'moody', 'capstan.dev/pod=never-ready']);
    await eventually('moody', { phase: 'Running', ready: 'False' });
    await kubectl(plane, ['annotate', 'pod', 'moody', 'capstan.dev/pod-']);
    await eventually('moody', { phase: 'Running', ready: 'True' });
    await kubectl(plane, ['annotate', 'pod', 'moody', 'capstan.dev/pod=crash-loop']);
    await eventually('moody', { ready: 'False', waiting: 'CrashLoopBackOff' });
    await kubectl(plane, ['annotate', 'pod', 'moody', '--overwrite', 'capstan.dev/pod=ready']);
    await eventually('moody', { phase: 'Running', ready: 'True' });
  });
});

describe('a pod', () => {
  test('shows a native sidecar as started and an init container as completed', async () => {
    const initContainers = [
      { name: 'sidecar', image: 'example.com/sidecar:1', restartPolicy: 'Always' },
      { name: 'once', image: 'example.com/once:1' },
    ];
    await apply(pod('with-init', undefined, { initContainers }));
    await eventually('with-init', { ready: 'True' });
    const { status } = JSON.parse(await kubectl(plane, ['get', 'pod', 'with-init', '-o', 'json']));
    expect(status.initContainerStatuses).toMatchObject([
      { name: 'sidecar', ready: true, started: true, state: { running: {} } },
      { name: 'once', ready: true, started: false, state: { terminated: { exitCode: 0, reason: 'Completed' } } },
    ]);
    expect(status.conditions).toContainEqual(expect.objectContaining({ type: 'PodScheduled', status: 'True' }));
  });

  test('of a Job completes', async () => {
    const template = { spec: { restartPolicy: 'Never', containers } };
    await apply({ apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'job' }, spec: { template } });
    await kubectl(plane, ['wait', '--for=condition=Complete', 'job/job', '--timeout=20s']);
  });

  test('with a finalizer waits for it when it is deleted', async () => {
    const held = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'held', finalizers: ['example.com/hold'] },
      spec: { containers },
    };
    await apply(held);
    await eventually('held', { ready: 'True' });
    await kubectl(plane, ['delete', 'pod', 'held', '--wait=false']);
    expect(await read('pod', 'held')).toMatchObject({ metadata: { deletionTimestamp: expect.any(String) } });
    await kubectl(plane, ['patch', 'pod', 'held', '--type=merge', '-p', '{"metadata":{"finalizers":null}}']);
    await kubectl(plane, ['wait', '--for=delete', 'pod/held', '--timeout=20s']);
  });
});

test('a node added later takes the pods that ask for it', async () => {
  const taints = [{ key: 'tenant', value: 'a', effect: 'NoSchedule' as const }];
  await plane.addNode({ name: 'tenant-a', labels: { tenant: 'a' }, taints });
  expect(await read('node', 'tenant-a')).toMatchObject({ metadata: { labels: { tenant: 'a' } }, spec: { taints } });
  const tolerations = [{ key: 'tenant', operator: 'Exists' }];
  await apply(pod('tenant', undefined, { nodeSelector: { tenant: 'a' }, tolerations }));
  await eventually('tenant', { ready: 'True' });
  expect(await read('pod', 'tenant')).toMatchObject({ spec: { nodeName: 'tenant-a' } });
});

test('pods go on being played at once after the API server was away', async () => {
  await plane.killApiServer();
  await plane.startApiServer();
  await apply(pod('after-outage'));
  await eventually('after-outage', { ready: 'True' });
});

test('a StatefulSet gets its pods and volumes, and neither outlives the control plane', async () => {
  await using other = await startControlPlane({ nodes: 'kwok' });
  const labels = { app: 'db' };
  const claim = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } };
  await kubectl(other, ['apply', '-f', '-'], {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name: 'db' },
    spec: {
      replicas: 3,
      serviceName: 'db',
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { terminationGracePeriodSeconds: 600, containers } },
      volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: claim }],
    },
  });
  await kubectl(other, ['rollout', 'status', 'statefulset/db', '--timeout=30s']);
  const volumes = JSON.parse(await kubectl(other, ['get', 'pv', '-o', 'json'])).items;
  const paths: string[] = volumes.map((volume: { spec: { hostPath: { path: string } } }) => volume.spec.hostPath.path);
  expect(volumes.map((volume: { status: { phase: string } }) => volume.status.phase)).toEqual([
    'Bound',
    'Bound',
    'Bound',
  ]);
  expect(paths.map(existsSync)).toEqual([true, true, true]);
  // Ten minutes of grace are granted at once: no kubelet runs that would use them.
  await kubectl(other, ['delete', 'statefulset', 'db', '--cascade=foreground', '--timeout=20s']);
  expect(await kubectl(other, ['get', 'pods', '-o', 'name'])).toBe('');
  await other.stop();
  expect(paths.map(existsSync)).toEqual([false, false, false]);
});
