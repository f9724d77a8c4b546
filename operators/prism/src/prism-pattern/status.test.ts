import type { Deployment, KubeObject } from '@capstan/kube';
import { conditionOf, type Failure } from '@capstan/runtime';
import { describe, expect, it } from 'vitest';
import { aWorkload } from '../a-cluster.fixture.ts';
import { patternGenerationAnnotation } from '../annotations.ts';
import type { PrismCluster } from '../api/v1alpha1/prism-cluster.ts';
import type { PrismPattern } from '../api/v1beta1/prism-pattern.ts';
import { aCache, aClusterWithBackends, aPattern, type PatternSpecInput } from './a-pattern.fixture.ts';
import { patternEvents } from './events.ts';
import { observePattern } from './observe.ts';
import type { ScalingState } from './scaling/scaling.ts';
import { patternStatusOf } from './status.ts';

const now = '2026-01-01T00:00:00Z';

/** What runs the pattern, made to match this generation of it. */
function running(counts: Parameters<typeof aWorkload>[2] = {}, generation = 1): Deployment {
  const workload = aWorkload('Deployment', 'orders-letters-runner', counts) as Deployment; // of this very kind
  const annotations = { [patternGenerationAnnotation]: `${generation}` };
  return { ...workload, metadata: { ...workload.metadata, annotations } };
}

interface Given {
  readonly objects?: readonly KubeObject[];
  readonly scaling?: ScalingState;
  readonly failures?: readonly Failure[];
}

function statusOf(pattern: PrismPattern, { objects = [aClusterWithBackends(), running()], ...given }: Given = {}) {
  const observed = observePattern(pattern, aCache([...objects, pattern]));
  const findings = { observed, present: observed.present, failures: [], children: [], ...given };
  return patternStatusOf(pattern, findings, now);
}

function told(type: string, ...args: Parameters<typeof statusOf>): string | undefined {
  const found = conditionOf(statusOf(...args).conditions, type);
  return found && `${found.status} ${found.reason}: ${found.message}`;
}

const keyvalue = (spec: Partial<PatternSpecInput> = {}) => aPattern({ backends: [{ name: 'redis' }], ...spec });

describe('the status of a pattern', () => {
  it('has the counts of what runs it, its cluster and its workload', () => {
    const status = statusOf(keyvalue({ replicas: 2 }), {
      objects: [aClusterWithBackends(), running({ wanted: 2 })],
    });
    expect(status).toMatchObject({
      ...{ phase: 'Running', cluster: 'orders', workload: 'Deployment/orders-letters-runner', scaler: 'none' },
      ...{ replicas: 2, readyReplicas: 2, availableReplicas: 2, observedGeneration: 1 },
    });
    expect(told('Ready', keyvalue())).toBe('True AllReady: All pods that are wanted are available.');
    expect(status.conditions?.map(({ type }) => type)).toEqual([
      ...['Accepted', 'BackendsAvailable', 'ClusterFound', 'Ready', 'Reconciling', 'Stalled'],
    ]);
  });

  it('does not tell of a generation that its cluster has not carried out', () => {
    const pattern = aPattern({ backends: [{ name: 'redis' }] }, { generation: 2, status: { observedGeneration: 1 } });
    expect(told('Ready', pattern)).toBe('False Starting: Its cluster has not carried out this generation yet.');
    expect(statusOf(pattern).observedGeneration).toBe(1);
  });

  it('says in the words of its cluster why pods are not available', () => {
    const component = {
      name: 'letters-runner',
      ready: false,
      replicas: 1,
      availableReplicas: 0,
      message: '0 of 1 available; it crashes',
    };
    const cluster: PrismCluster = { ...aClusterWithBackends(), status: { patternStatus: [component] } };
    const objects = [cluster, running({ wanted: 1, available: 0 })];
    expect(told('Ready', keyvalue(), { objects })).toBe('False Unavailable: 0 of 1 available; it crashes.');
    expect(statusOf(keyvalue(), { objects }).phase).toBe('Pending');
  });

  it('takes none that are wanted for none that are missing', () => {
    const objects = [aClusterWithBackends(), running({ wanted: 0 })];
    expect(told('Ready', keyvalue({ replicas: 0 }), { objects })).toContain('True ScaledToZero: ');
  });
});

describe('a pattern without its cluster', () => {
  it.each([
    ['of a name that there is not', { cluster: 'other' }, [aClusterWithBackends()], 'ClusterNotFound'],
    ['in a namespace without any', {}, [], 'NoClusterInNamespace'],
    ['in one with several', {}, [aClusterWithBackends(), aClusterWithBackends({}, 'b')], 'SeveralClustersInNamespace'],
  ] as const)('%s says so', (_title, spec, objects, reason) => {
    expect(told('ClusterFound', keyvalue(spec), { objects })).toContain(`False ${reason}: `);
    expect(told('Stalled', keyvalue(spec), { objects })).toContain(`True ${reason}: `);
    expect(statusOf(keyvalue(spec), { objects }).phase).toBe('Pending');
  });

  it('keeps its word of the autoscaler, which is left alone', () => {
    const before = aPattern({ cluster: 'other' }, { status: { scaler: 'keda' } });
    expect(statusOf(before).scaler).toBe('keda');
    expect(statusOf(aPattern({}, { status: { scaler: 'keda' } })).scaler).toBe('none');
  });

  it('that is being deleted is told so', () => {
    const { metadata, ...rest } = aClusterWithBackends();
    const going = { ...rest, metadata: { ...metadata, deletionTimestamp: now } };
    expect(told('Ready', keyvalue(), { objects: [going, running()] })).toContain('ClusterNotAccepted');
  });

  it('that is refused itself waits for that', () => {
    const accepted = { type: 'Accepted', status: 'False' as const, reason: 'SpecInvalid', message: 'No.' };
    const status = { conditions: [{ ...accepted, lastTransitionTime: now }] };
    const objects = [{ ...aClusterWithBackends(), status }, running()];
    expect(told('Stalled', keyvalue(), { objects })).toBe(
      'True ClusterNotAccepted: PrismCluster orders is not carried out: No.',
    );
  });
});

describe('what a pattern is told of its spec', () => {
  const sample = keyvalue({
    backends: [{ name: 'redis', config: { maxConnections: 1000, evictionPolicy: 'allkeys-lru' } }],
  });

  it('is which part of the use of backends cannot be carried out, and why', () => {
    expect(told('BackendConfigApplied', sample)).toMatch(
      /^False NotApplied: spec\.backends\[redis\]\.config\.evictionPolicy: the redis of the cluster never evicts anything/,
    );
    const applied = keyvalue({
      backends: [{ name: 'redis', config: { maxConnections: 9, evictionPolicy: 'noeviction' } }],
    });
    expect(told('BackendConfigApplied', applied)).toContain('True Applied: ');
    const producer = aPattern({ type: 'producer', backends: [{ name: 'nats', config: { maxConnections: 9 } }] });
    expect(told('BackendConfigApplied', producer)).toContain('producer passes nothing of the kind on to nats');
    expect(told('BackendConfigApplied', keyvalue())).toBeUndefined();
  });

  it('is which fields have no effect, those of v1alpha1 that v1beta1 has no place for among them', () => {
    const metrics = [
      {
        type: 'Resource' as const,
        resource: { name: 'cpu', target: { type: 'Utilization' as const, averageUtilization: 50 } },
      },
    ];
    const triggers = [{ type: 'redis', metadata: { listName: 'a' } }];
    expect(told('WithoutEffect', keyvalue({ autoscaling: { triggers, metrics } }))).toContain(
      'spec.autoscaling.metrics: ',
    );
    expect(told('WithoutEffect', keyvalue({ autoscaling: { scaler: 'hpa', triggers } }))).toContain('triggers: ');
    expect(told('WithoutEffect', aPattern({ type: 'mailbox', prismNamespace: 'a' }))).toContain(
      'spec.prismNamespace: ',
    );
    const kept = {
      v1alpha1: [
        { path: ['spec', 'backendConfig'], is: { name: 'a' } },
        { path: ['spec', 'resources'], was: {} },
      ],
    };
    const former = aPattern({}, { annotations: { 'prism.io/conversion-data': JSON.stringify(kept) } });
    expect(told('WithoutEffect', former)).toBe(
      'True WithoutEffect: written as v1alpha1, and kept without effect: spec.backendConfig.',
    );
    expect(told('WithoutEffect', aPattern({}, { annotations: { 'prism.io/conversion-data': '{' } }))).toBeUndefined();
  });

  it('is what its runner does that people do not expect, with as many pods as there may be', () => {
    const consumer = aPattern({ type: 'consumer', backends: [{ name: 'nats' }], autoscaling: { maxReplicas: 4 } });
    expect(told('RunnerSupported', consumer)).toContain(
      'True WithCautions: It does not share its work: each of the 4 pods',
    );
    const triggers = [{ type: 'nats-jetstream', metadata: { stream: 's', consumer: 'c' } }];
    const streaming = aPattern({ type: 'consumer', backends: [{ name: 'nats' }], autoscaling: { triggers } });
    expect(told('RunnerSupported', streaming)).toContain('a nats-jetstream trigger sees streams alone');
    expect(told('RunnerSupported', aPattern({ type: 'consumer' }))).toContain('False Refused: ');
  });

  it('is which backends its cluster has not', () => {
    const pattern = aPattern({ backends: [{ name: 'kafka' }], type: 'mine', image: 'mine:1' });
    expect(told('BackendsAvailable', pattern)).toContain('enable spec.backends.kafka');
    expect(told('Stalled', pattern)).toContain('True BackendMissing: It is not started: ');
  });

  it('is that what runs goes on where the spec is refused', () => {
    const wrong = keyvalue({ replicas: 2, storage: {} });
    expect(told('Accepted', wrong)).toContain('False SpecInvalid: spec.storage: ');
    expect(told('Stalled', wrong)).toContain('What runs of it keeps running as it is.');
    expect(statusOf(wrong)).toMatchObject({ phase: 'Degraded', observedGeneration: 1 });
  });
});

describe('what a pattern is told of its autoscaler', () => {
  const rows: readonly (readonly [ScalingState, string])[] = [
    [{ kind: 'InPlace', scaler: 'hpa' }, 'Unknown Starting: '],
    [
      { kind: 'Switching', from: 'hpa', to: 'keda' },
      'False Switching: The next one (keda) is made when the former one (hpa) is gone.',
    ],
    [
      { kind: 'Foreign', names: ['HorizontalPodAutoscaler/web'] },
      'False AutoscalerForeign: HorizontalPodAutoscaler/web scales',
    ],
    [{ kind: 'KedaNotInstalled', keeps: 'hpa' }, 'False KedaNotInstalled: KEDA is not installed'],
    [{ kind: 'Incomplete', missing: ['a: is needed'] }, 'False AutoscalerRefused: a: is needed.'],
  ];
  it.each(rows)('%o', (scaling, start) => {
    expect(told('AutoscalerReady', keyvalue(), { scaling })).toContain(start);
  });

  it.each([
    [{ kind: 'Foreign', names: ['HorizontalPodAutoscaler/web'] }, 'AutoscalerForeign: HorizontalPodAutoscaler/web'],
    [{ kind: 'KedaNotInstalled', keeps: 'none' }, 'KedaNotInstalled: KEDA is not installed'],
    [{ kind: 'Incomplete', missing: ['a: is needed'] }, 'AutoscalerRefused: a: is needed.'],
  ] as const)('is no Ready while a person has to act: %o', (scaling, start) => {
    expect(told('Ready', keyvalue(), { scaling })).toContain(`False ${start}`);
    expect(told('Stalled', keyvalue(), { scaling })).toContain(`True ${start}`);
    const after = statusOf(keyvalue(), { scaling });
    expect(after.phase).toBe('Degraded');
    expect(patternEvents(keyvalue(), after, [])).toHaveLength(1);
  });

  it('is that the API server does not take it', () => {
    const failure = {
      child: 'HorizontalPodAutoscaler/orders-letters-runner',
      terminal: true,
      reason: 'Invalid',
      message: 'No.',
    };
    const given: Given = { scaling: { kind: 'InPlace', scaler: 'hpa' }, failures: [failure] };
    expect(told('AutoscalerReady', keyvalue(), given)).toBe('False Invalid: No.');
    expect(told('Stalled', keyvalue(), given)).toBe('True Invalid: No.');
  });
});
