import type { KubeObject } from '@capstan/kube';
import { describe, expect, it } from 'vitest';
import type { SpecInput } from '../a-cluster.fixture.ts';
import { aPass } from '../a-pass.fixture.ts';
import {
  adopting,
  aHandMade,
  aStub,
  ownedByOrders,
  replacing,
  seenWith,
  strangers,
} from '../adoption/hand-made.fixture.ts';
import type { LiveWorkload } from '../adoption/sight.ts';
import { judge } from './judge.ts';
import { judgedBy } from './judged-by.ts';

/** @param looked workloads that were looked into, by component */
function verdict(
  spec: SpecInput,
  objects: readonly KubeObject[] = strangers,
  looked: Readonly<Record<string, LiveWorkload>> = {},
) {
  const { cluster, observed } = seenWith(spec, objects);
  const workloads = new Map([...observed.adoption.workloads, ...Object.entries(looked)]);
  const sight = { ...observed, adoption: { ...observed.adoption, workloads } };
  return judge(cluster, judgedBy(cluster, sight, {}, aPass({ objects }).cache));
}

/** The cluster with one workload alone. */
function only(
  workload: NonNullable<NonNullable<SpecInput['adoption']>['workloads']>[number],
  spec: SpecInput = adopting,
) {
  return { ...spec, adoption: { ...spec.adoption, workloads: [workload] } };
}

const own = (kind: 'Deployment' | 'StatefulSet', name: string, component: string): KubeObject => ({
  ...aStub(kind, name, {
    ownerReferences: [ownedByOrders],
    labels: { 'app.kubernetes.io/instance': 'orders', 'app.kubernetes.io/component': component },
  }),
});

describe('what is named to be taken over', () => {
  it('is sound where it fits the rest of the spec, and is what it is taken for', () => {
    const looked = { 'prism-proxy': aHandMade('Deployment', 'proxy') };
    expect(verdict(adopting, strangers, looked)).toBeUndefined();
    expect(verdict(replacing, strangers, looked)).toBeUndefined();
  });

  const proxy = { component: 'prism-proxy', name: 'proxy', selector: { app: 'proxy' }, container: 'main' };
  const admin = { component: 'prism-admin', name: 'control', selector: { app: 'control' } };
  const mailbox = { component: 'mailbox-runner', name: 'mailbox', selector: { app: 'mailbox' } };
  const rows: readonly { what: string; spec: SpecInput; told: string }[] = [
    {
      what: 'a pattern that there is not',
      spec: only({ ...mailbox, component: 'letters-runner' }),
      told: 'spec.adoption.workloads[letters-runner]: there is no such pattern',
    },
    {
      what: 'a prism-admin of several members',
      spec: only(admin, { ...adopting, admin: { replicas: 3 } }),
      told: 'only a single prism-admin can be taken over',
    },
    { what: 'a claim of proxies', spec: only({ ...proxy, claim: 'x' }), told: '[prism-proxy].claim' },
    { what: 'a claim of a StatefulSet', spec: only({ ...mailbox, claim: 'x' }), told: '[mailbox-runner].claim' },
    {
      what: 'the name of a workload that is another one',
      spec: only({ ...proxy, name: 'orders-prism-admin' }),
      told: 'orders-prism-admin would be the name of a workload of both prism-admin and prism-proxy',
    },
    {
      what: 'the name of a Service that is another one',
      spec: only({ ...proxy, service: 'orders-prism-admin' }),
      told: 'orders-prism-admin would be the name of a Service of both prism-admin and prism-proxy',
    },
  ];
  it.each(rows)('is refused where it is $what', ({ spec, told }) => {
    expect(verdict(spec)).toMatchObject({ reason: 'AdoptionRefused', message: expect.stringContaining(told) });
  });

  const looks: readonly { what: string; spec?: SpecInput; live: LiveWorkload; told: string }[] = [
    {
      what: 'has another selector',
      live: { ...aHandMade('Deployment', 'other'), metadata: { name: 'proxy', namespace: 'shop' } },
      told: '[prism-proxy].selector is not the spec.selector of Deployment/proxy',
    },
    {
      what: 'has no such container',
      live: aHandMade('Deployment', 'proxy', { containers: [{ name: 'agent' }, { name: 'server' }] }),
      told: 'the pods of Deployment/proxy have no container main, but agent, server',
    },
    {
      what: 'uses a claim that nobody named and is to be replaced',
      spec: replacing,
      live: aHandMade('Deployment', 'proxy', { claims: ['cache'] }),
      told: '[prism-proxy].claim: the pods of Deployment/proxy use the claim cache',
    },
  ];
  it.each(looks)('is refused where what is there $what', ({ spec = adopting, live, told }) => {
    const found = verdict(spec, strangers, { 'prism-proxy': live });
    expect(found).toMatchObject({ reason: 'AdoptionRefused', message: expect.stringContaining(told) });
  });

  it('is sound where its claim stays mounted, whatever the volume was called', () => {
    const live = aHandMade('Deployment', 'control', {
      ...{ owner: ownedByOrders, claims: ['control-data'] },
      containers: [{ name: 'prism-admin' }],
    });
    expect(verdict(replacing, [live, ...strangers.slice(1)])).toBeUndefined();
  });

  it('is refused where its claim is not named, for its workload would start without one day', () => {
    const live = aHandMade('Deployment', 'control', { claims: ['state'], containers: [{ name: 'prism-admin' }] });
    expect(verdict(adopting, strangers, { 'prism-admin': live })?.message).toContain(
      'spec.adoption.workloads[prism-admin].claim: the pods of Deployment/control use the claim state',
    );
  });

  const withTemplate = (name: string) => {
    const live = aHandMade('StatefulSet', 'mailbox', { owner: ownedByOrders });
    const volumeClaimTemplates = [{ metadata: { name } }];
    return { ...live, spec: { ...live.spec, volumeClaimTemplates } } as unknown as LiveWorkload; // as much of it as is looked at
  };
  const stored = [{ name: 'mailbox', type: 'StatefulSet' as const, storage: {}, resources: {} }];

  it.each([
    { of: 'another name', template: 'letters', patterns: stored, isRefused: true },
    { of: 'a pattern without storage', template: 'data', patterns: adopting.patterns, isRefused: true },
    { of: 'the name that is mounted', template: 'data', patterns: stored, isRefused: false },
  ])('with a claim template of $of: is replaced only where pods mount it', ({ template, patterns, isRefused }) => {
    const found = verdict({ ...replacing, patterns }, [withTemplate(template), ...strangers.slice(0, 2)]);
    const told = expect.stringContaining(`StatefulSet/mailbox has the claim templates ${template}`);
    expect(found).toEqual(isRefused ? expect.objectContaining({ message: told }) : undefined);
    expect(verdict({ ...adopting, patterns }, [withTemplate(template), ...strangers.slice(0, 2)])).toBeUndefined();
  });

  it('is not made anew beside volumes that it would not take up', () => {
    const claims = ['letters-mailbox-0', 'data-mailbox-0', 'data-other-mailbox-x', 'data-mail-0'];
    const objects = [...strangers.slice(0, 2), ...claims.map((name) => aStub('PersistentVolumeClaim', name))];
    const left = (patterns: NonNullable<SpecInput['patterns']>) => verdict({ ...adopting, patterns }, objects)?.message;
    expect(left(stored)).toContain('would start without the volumes letters-mailbox-0: apply its manifest again');
    expect(left(adopting.patterns)).toContain('would start without the volumes data-mailbox-0, letters-mailbox-0:');
  });

  it('is refused where what is there is of another kind', () => {
    const found = verdict(adopting, [aStub('StatefulSet', 'control'), ...strangers.slice(1)]);
    expect(found?.message).toContain('spec.adoption.workloads[prism-admin]: what is there is StatefulSet/control');
  });

  it.each([
    { how: 'goes from the spec', spec: { ...adopting, adoption: { workloads: [] } }, runsAs: 'proxy' },
    { how: 'comes into the spec', spec: adopting, runsAs: 'orders-prism-proxy' },
  ])('is refused where it $how while the component runs under another name', ({ spec, runsAs }) => {
    const found = verdict(spec, [own('Deployment', runsAs, 'prism-proxy')]);
    expect(found?.message).toContain(`prism-proxy runs as Deployment/${runsAs}, not as`);
  });
});
