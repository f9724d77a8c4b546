import type { KubeObject } from '@capstan/kube';
import { describe, expect, it } from 'vitest';
import { aCluster, type SpecInput } from '../a-cluster.fixture.ts';
import { aPass } from '../a-pass.fixture.ts';
import { readFreeWorkloads } from './free-workloads.ts';
import { adopting, aHandMade, aStub, ownedByOrders, replacing, strangers } from './hand-made.fixture.ts';
import { adoptionSightOf, isKept, isToBeReplaced } from './sight.ts';

const sightOf = (objects: readonly KubeObject[], spec: SpecInput = adopting) =>
  adoptionSightOf(aCluster({ spec }), 1, aPass({ objects }).cache);

const own = (labels: Readonly<Record<string, string>> = {}) =>
  aHandMade('Deployment', 'proxy', { owner: ownedByOrders, labels });
const madeHere = { 'prism.io/part': 'proxy' };

describe('whether pods are kept as they are', () => {
  it.each([
    ['is so of what is not ours yet', adopting, strangers, true],
    ['is so of what is not ours yet and is to be replaced: that comes after', replacing, strangers, true],
    ['is so of what was taken over', adopting, [own()], true],
    ['is not so of what was taken over and is to be replaced', replacing, [own()], false],
    ['is not so of what the operator has made itself', adopting, [own(madeHere)], false],
    ['is not so of what is not there', adopting, [], false],
  ] as const)('%s', (_title, spec, objects, expected) => {
    expect(isKept(sightOf(objects, spec), 'prism-proxy')).toBe(expected);
  });
});

describe('an autoscaler or an Ingress that is named', () => {
  it.each([
    ['counts while it is asked for', true, ['HorizontalPodAutoscaler/scaler', 'Ingress/door']],
    ['is nobody otherwise', false, []],
  ] as const)('%s', (_title, enabled, expected) => {
    const spec = {
      ...{ ...adopting, ingress: { enabled }, proxy: { autoscaling: { enabled } } },
      adoption: { autoscaler: 'scaler', ingress: 'door' },
    };
    expect(sightOf([], spec).objects.map(({ kind, name }) => `${kind}/${name}`)).toEqual(expected);
  });
});

describe('what is about to be taken over', () => {
  it('is read, once, and what is ours or somebody has is not', async () => {
    const owner = { ...ownedByOrders, kind: 'Shop', uid: 'other' };
    const held = aStub('StatefulSet', 'mailbox', { ownerReferences: [owner] });
    const cached = [strangers[0], own(), held].filter((each) => each !== undefined);
    const pass = aPass({ cached, objects: [aHandMade('Deployment', 'control')] });
    const sight = await readFreeWorkloads(aCluster({ spec: adopting }), sightOf(cached), pass);
    expect(pass.asked).toEqual(['read Deployment/control']);
    expect([...sight.workloads.keys()].sort()).toEqual(['prism-admin', 'prism-proxy']);
  });
});

describe('the next pass', () => {
  it.each([
    ['is wanted where something became ours that is to be replaced', replacing, true],
    ['is not wanted where it stays as it is', adopting, false],
  ] as const)('%s', (_title, spec, expected) => {
    const cluster = aCluster({ spec });
    expect(isToBeReplaced(cluster, sightOf(strangers, spec), sightOf([own()], spec))).toBe(expected);
    expect(isToBeReplaced(cluster, sightOf([own()], spec), sightOf([own()], spec))).toBe(false);
  });
});
