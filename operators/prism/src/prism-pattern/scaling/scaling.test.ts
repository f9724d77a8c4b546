import { ApiError, type HorizontalPodAutoscaler, type KubeObject, type ResourceType } from '@capstan/kube';
import type { ScaledObject } from '@capstan/resources';
import { childName, desiredOf } from '@capstan/runtime';
import { describe, expect, it } from 'vitest';
import type { PrismPattern } from '../../api/v1beta1/prism-pattern.ts';
import { aClusterWithBackends, aPattern, ownedBy } from '../a-pattern.fixture.ts';
import { horizontalAutoscaler } from './horizontal-autoscaler.ts';
import { kedaObjects } from './keda.ts';
import { type Scaler, wantedScaler } from './scaler.ts';
import { scalingOf } from './scaling.ts';
import { stageOf } from './stage.ts';

const cluster = aClusterWithBackends();
const triggers = [{ type: 'redis', metadata: { listName: 'work' } }];
const scaledBy = (scaler: Scaler): PrismPattern =>
  aPattern(scaler === 'none' ? {} : { autoscaling: { scaler, ...(scaler === 'keda' && { triggers }) } });

const hpaFor = (pattern: PrismPattern) =>
  ownedBy<HorizontalPodAutoscaler>(pattern, horizontalAutoscaler({ pattern, cluster }, scalingIn('hpa')));
const scaledObjectFor = (pattern: PrismPattern) =>
  ownedBy<ScaledObject>(pattern, kedaObjects({ pattern, cluster }, scalingIn('keda')).scaledObject);

function scalingIn(scaler: Scaler) {
  const { autoscaling } = scaledBy(scaler).spec;
  if (autoscaling === undefined) throw new Error('it asks for an autoscaler');
  return autoscaling;
}

/** What the API server has; without KEDA it knows no ScaledObjects. */
function apiServer(objects: readonly KubeObject[], isKedaServed = true) {
  return {
    list: async <O extends KubeObject>({ kind }: ResourceType<O>): Promise<readonly O[]> => {
      if (kind === 'ScaledObject' && !isKedaServed)
        throw new ApiError({ status: 404, reason: 'NotFound', message: 'none' });
      return objects.filter((object): object is O => object.kind === kind);
    },
  };
}

interface Given {
  readonly present?: readonly Scaler[];
  readonly others?: readonly KubeObject[];
  readonly isKedaServed?: boolean;
  readonly hasWorkload?: boolean;
}

async function planned(wanted: Scaler, given: Given = {}) {
  const { present = [], others = [], isKedaServed = true, hasWorkload = true } = given;
  const pattern = scaledBy(wanted);
  const scaled = {
    ...{ pattern, cluster, hasWorkload },
    present: {
      hpa: present.includes('hpa') ? hpaFor(pattern) : undefined,
      scaledObject: present.includes('keda') ? scaledObjectFor(pattern) : undefined,
    },
  };
  const { plan, state } = await scalingOf(scaled, apiServer(others, isKedaServed));
  const objects = plan.steps.flatMap((step) => step.objects.map(desiredOf)).map(childName);
  return { state: state.kind, scalers: objects.filter((name) => /^(Horizontal|ScaledObject)/.test(name)), plan };
}

const hpaName = 'HorizontalPodAutoscaler/orders-letters-runner';
const scaledObjectName = 'ScaledObject/orders-letters-runner';

describe('who scales a pattern', () => {
  const rows: readonly (readonly [Scaler, Parameters<typeof wantedScaler>[0]])[] = [
    ['none', {}],
    ['none', { autoscaling: { enabled: false, minReplicas: 1, maxReplicas: 2, scaler: 'hpa' } }],
    ['hpa', { autoscaling: { enabled: true, minReplicas: 1, maxReplicas: 2 } }],
    ['keda', { autoscaling: { enabled: true, minReplicas: 1, maxReplicas: 2, triggers } }],
    ['hpa', { autoscaling: { enabled: true, minReplicas: 1, maxReplicas: 2, triggers, scaler: 'hpa' } }],
  ];
  it.each(rows)('is %s by %o', (scaler, spec) => {
    expect(wantedScaler(spec)).toBe(scaler);
  });
});

describe('the autoscaler of a pattern', () => {
  const rows: readonly (readonly [Scaler, Given, string, readonly string[]])[] = [
    ['hpa', {}, 'InPlace', [hpaName]],
    ['keda', {}, 'InPlace', [scaledObjectName]],
    ['none', {}, 'None', []],
    ['hpa', { present: ['hpa'] }, 'InPlace', [hpaName]],
    ['keda', { present: ['keda'] }, 'InPlace', [scaledObjectName]],
    ['keda', { present: ['hpa'] }, 'Switching', []],
    ['hpa', { present: ['keda'] }, 'Switching', []],
    ['none', { present: ['keda'] }, 'Switching', []],
    ['hpa', { present: ['hpa', 'keda'] }, 'Switching', []],
    ['hpa', { hasWorkload: false }, 'WaitingForWorkload', []],
    ['hpa', { present: ['hpa'], hasWorkload: false }, 'InPlace', [hpaName]],
    ['keda', { isKedaServed: false }, 'KedaNotInstalled', [scaledObjectName]],
    ['keda', { present: ['hpa'], isKedaServed: false }, 'KedaNotInstalled', [scaledObjectName]],
  ];
  it.each(rows)('%s, with %o, is %s', async (wanted, given, state, scalers) => {
    expect(await planned(wanted, given)).toMatchObject({ state, scalers });
  });

  it('is not made while another one has its workload, this operator’s own of a moment ago among them', async () => {
    const stranger = aPattern({}, { name: 'stranger' });
    expect(await planned('hpa', { others: [hpaFor(stranger)] })).toMatchObject({ state: 'InPlace' });
    const foreign = { ...hpaFor(scaledBy('hpa')), metadata: { name: 'web', namespace: 'shop' } };
    expect(await planned('hpa', { others: [foreign] })).toMatchObject({ state: 'Foreign', scalers: [] });
    expect(await planned('hpa', { others: [scaledObjectFor(scaledBy('keda'))] })).toMatchObject({ state: 'Foreign' });
    expect(await planned('hpa', { others: [hpaFor(scaledBy('hpa'))] })).toMatchObject({ state: 'InPlace' });
  });

  it('of before stays until KEDA is installed', async () => {
    const { plan } = await planned('keda', { present: ['hpa'], isKedaServed: false });
    expect(plan.retained?.(hpaFor(scaledBy('hpa')))).toBe(true);
  });

  it('that is going is not taken for the one that is wanted', () => {
    const going = hpaFor(scaledBy('hpa'));
    const hpa = { ...going, metadata: { ...going.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' } };
    expect(stageOf('hpa', { hpa, scaledObject: undefined })).toMatchObject({ kind: 'Remove', scaler: 'hpa' });
  });

  it('of KEDA is left as it is while there is nothing that it could ask', async () => {
    const pattern = aPattern({ autoscaling: { triggers: [{ type: 'kafka', metadata: { topic: 'a' } }] } });
    const scaled = { pattern, cluster, hasWorkload: true, present: { hpa: undefined, scaledObject: undefined } };
    const { plan, state } = await scalingOf(scaled, apiServer([]));
    expect(plan).toMatchObject({ steps: [] });
    expect(state).toEqual({
      kind: 'Incomplete',
      missing: [
        'spec.autoscaling.triggers[0].metadata.bootstrapServers: is needed, for the cluster has no kafka that could be meant: give it, or enable spec.backends.kafka there',
      ],
    });
  });
});
