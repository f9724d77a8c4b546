import type { Deployment, Service, StatefulSet } from '@capstan/kube';
import { desiredOf, type StepObject } from '@capstan/runtime';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SpecInput } from '../a-cluster.fixture.ts';
import { planChildren } from '../children/plan.ts';
import { mayReach } from '../edge/reachability.fixture.ts';
import {
  adopting,
  aHandMade,
  aStub,
  ownedByOrders,
  plannedWith,
  replacing,
  seenWith,
  strangers,
} from './hand-made.fixture.ts';

const none: readonly [] = [];
const rules = (object: StepObject | undefined) => (object === undefined || 'kind' in object ? {} : object);
const bodyOf = (object: StepObject | undefined) => object && desiredOf(object);
const specOf = (object: StepObject | undefined) =>
  (bodyOf(object) as { spec?: Deployment['spec'] & StatefulSet['spec'] & Service['spec'] } | undefined)?.spec; // by its kind

describe('a workload that is there and is kept as it is', () => {
  const planned = plannedWith(adopting, strangers);

  it('is applied with its number of pods and what the cluster says of its container, and nothing else', () => {
    expect(specOf(planned.get('Deployment/proxy'))).toEqual({
      replicas: 3,
      template: { spec: { containers: [{ name: 'main', image: 'local/proxy:1' }] } },
    });
    expect(specOf(planned.get('StatefulSet/mailbox'))).toEqual({
      replicas: 1,
      persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
      template: { spec: { containers: [{ name: 'main', image: 'local/mailbox:1' }] } },
    });
    expect(bodyOf(planned.get('Deployment/proxy'))?.metadata.labels).toMatchObject({
      'app.kubernetes.io/component': 'prism-proxy',
    });
  });

  it('is named as one to be taken over, as all is that the cluster names', () => {
    const named = [
      'Deployment/control',
      'Deployment/proxy',
      'StatefulSet/mailbox',
      'Service/control',
      'Service/proxy-svc',
    ];
    expect(named.map((each) => rules(planned.get(each)))).toEqual(
      named.map(() => expect.objectContaining({ adopt: true })),
    );
  });

  it('has nothing around it that would not fit its pods, nor a second one beside it', () => {
    const names = [...planned.keys()].filter((each) => /proxy|admin|control|mailbox/.test(each)).sort();
    expect(names).toEqual([
      ...['Deployment/control', 'Deployment/proxy', 'Service/control', 'Service/proxy-svc', 'StatefulSet/mailbox'],
    ]);
  });

  it('keeps its Service as it is where there is one', () => {
    expect(specOf(planned.get('Service/proxy-svc'))).toBeUndefined();
  });

  it('gets a Service that leads to the port that it listens on, where it serves others and has none', () => {
    const withoutServices = plannedWith(
      adopting,
      strangers.filter(({ kind }) => kind !== 'Service'),
    );
    expect(specOf(withoutServices.get('Service/proxy-svc'))).toMatchObject({
      selector: { app: 'proxy' },
      ports: [{ name: 'grpc', port: 50_051, targetPort: 50_052 }],
    });
    expect([...withoutServices.keys()]).not.toContain('Service/mailbox');
  });

  it('keeps a Service that the operator would make none of', () => {
    const patterns = [{ name: 'mailbox', resources: {} }];
    const objects = [...strangers.slice(0, 2), aStub('Deployment', 'mailbox'), aStub('Service', 'mailbox')];
    expect([...plannedWith({ ...adopting, patterns }, objects).keys()]).toContain('Service/mailbox');
  });

  it('stays so once it is the own one', () => {
    const own = [aHandMade('Deployment', 'proxy', { owner: ownedByOrders }), ...strangers.slice(2)];
    expect(specOf(plannedWith(adopting, own).get('Deployment/proxy'))?.selector).toBeUndefined();
  });

  it('runs on although the operator would not start what it is told of', () => {
    const patterns = [{ name: 'mailbox', type: 'StatefulSet' as const, backends: ['kafka' as const], resources: {} }];
    expect([...plannedWith({ ...adopting, patterns }, strangers).keys()]).toContain('StatefulSet/mailbox');
  });
});

describe('what others made', () => {
  const own = { ownerReferences: [ownedByOrders] };
  const asDelete: SpecInput = { ...adopting, deletionPolicy: 'Delete' };

  it.each([
    { how: 'is made anew', spec: asDelete, objects: none },
    {
      how: 'is replaced',
      spec: { ...asDelete, adoption: { ...adopting.adoption, podTemplates: 'Replace' as const } },
      objects: [aHandMade('StatefulSet', 'mailbox', { owner: ownedByOrders })],
    },
  ])('keeps its volumes where it $how, whatever the policy of the cluster is', ({ spec, objects }) => {
    expect(specOf(plannedWith(spec, objects).get('StatefulSet/mailbox'))).toMatchObject({
      persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
    });
  });

  it('stays as it is once it is kept, although the operator made its pods in another life', () => {
    const live = aHandMade('Deployment', 'proxy', { owner: ownedByOrders, labels: { 'prism.io/part': 'proxy' } });
    const metadata = { ...live.metadata, annotations: { 'prism.io/kept': 'true' } };
    expect(specOf(plannedWith(adopting, [{ ...live, metadata }]).get('Deployment/proxy'))?.selector).toBeUndefined();
    expect(specOf(plannedWith(adopting, [live]).get('Deployment/proxy'))?.selector).toBeDefined();
  });

  it('is not deleted when the spec names it no more: clients know its name and its address', () => {
    const { cluster, observed } = seenWith(adopting, strangers);
    const { retained } = planChildren(cluster, observed, {});
    const service = plannedWith(adopting, strangers).get('Service/proxy-svc');
    const metadata = { ...bodyOf(service)?.metadata, name: 'proxy-svc' };
    expect(retained?.({ apiVersion: 'v1', kind: 'Service', metadata })).toBe(true);
    expect(retained?.({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'orders-redis' } })).toBe(false);
  });

  it('keeps the type and the address of its Service where its pods are replaced', () => {
    const service = aStub('Service', 'mailbox', { ...own, annotations: { 'prism.io/adopted': 'true' } });
    const workload = aHandMade('StatefulSet', 'mailbox', { owner: ownedByOrders });
    const patterns = [{ name: 'mailbox', type: 'StatefulSet' as const, port: 8080, resources: {} }];
    const rendered = plannedWith({ ...replacing, patterns }, [workload, service]).get('Service/mailbox');
    expect(specOf(rendered)?.ports).toMatchObject([{ port: 8080 }]);
    expect(Object.keys(specOf(rendered) ?? {})).not.toContain('clusterIP');
  });
});

describe('a workload that is to be taken over', () => {
  it('is made whole, under its name and its selector and with its claim, where there is none', () => {
    const planned = plannedWith(adopting, none);
    const control = specOf(planned.get('Deployment/control'));
    expect(control?.selector).toEqual({ matchLabels: { app: 'control' } });
    expect(control?.template.metadata?.labels).toMatchObject({ app: 'control', 'prism.io/part': 'admin' });
    expect(control?.template.spec?.volumes).toEqual([
      { name: 'data', persistentVolumeClaim: { claimName: 'control-data' } },
    ]);
    expect([...planned.keys()].filter((each) => each.startsWith('PersistentVolumeClaim/'))).toEqual([]);
  });

  it('is taken over as it is before it is replaced', () => {
    expect(specOf(plannedWith(replacing, strangers).get('Deployment/proxy'))?.selector).toBeUndefined();
  });

  it('is replaced around what nobody can change, with nothing left of the container before', () => {
    const own = [
      aHandMade('Deployment', 'proxy', { owner: ownedByOrders }),
      aHandMade('StatefulSet', 'mailbox', { owner: ownedByOrders }),
    ];
    const planned = plannedWith(replacing, own);
    expect(specOf(planned.get('StatefulSet/mailbox'))).toMatchObject({
      ...{ serviceName: 'by-hand', podManagementPolicy: 'OrderedReady', selector: { matchLabels: { app: 'mailbox' } } },
      template: { spec: { containers: [{ name: 'mailbox-runner' }] } },
    });
    expect(rules(planned.get('Deployment/proxy'))).toMatchObject({
      exclusive: ['spec.template.spec.containers', 'spec.template.spec.initContainers', 'spec.template.spec.volumes'],
    });
    expect([...planned.keys()]).toContain('PodDisruptionBudget/orders-prism-proxy');
  });

  it('never gives a new container the name of the one before, in which its fields would stay', () => {
    const workloads = [{ component: 'prism-proxy', name: 'proxy', selector: { app: 'proxy' } }];
    const own = [aHandMade('Deployment', 'proxy', { owner: ownedByOrders, containers: [{ name: 'prism-proxy' }] })];
    const planned = plannedWith({ ...replacing, adoption: { podTemplates: 'Replace', workloads } }, own);
    expect(specOf(planned.get('Deployment/proxy'))?.template.spec?.containers.map(({ name }) => name)).toEqual([
      'prism-proxy-component',
    ]);
  });
});

describe('those who work with pods that others made', () => {
  it('know their addresses, and let them in by the labels that they have', () => {
    const patterns = [...adopting.patterns, { name: 'extra', image: 'local/extra:1', backends: ['redis' as const] }];
    const users = { ...adopting, backends: { redis: { auth: 'None' as const } }, patterns };
    const planned = plannedWith(users, strangers);
    const policies = [...planned.values()].map(desiredOf).filter(({ kind }) => kind === 'NetworkPolicy');
    const redis = {
      'app.kubernetes.io/name': 'prism',
      'app.kubernetes.io/instance': 'orders',
      'app.kubernetes.io/component': 'redis',
    };
    const caller = (app: string) => ({ namespace: { name: 'shop' }, labels: { app } });
    expect(['mailbox', 'proxy'].map((app) => mayReach(policies, caller(app), redis, 6379))).toEqual([false, false]);
    const using = { ...users, patterns: [{ ...adopting.patterns[0], name: 'mailbox', backends: ['redis' as const] }] };
    const opened = [...plannedWith(using, strangers).values()]
      .map(desiredOf)
      .filter(({ kind }) => kind === 'NetworkPolicy');
    expect(mayReach(opened, caller('mailbox'), redis, 6379)).toBe(true);
  });
});

describe('what is applied of a workload that is as the cluster says', () => {
  const text = fc.stringMatching(/^[a-z]{1,8}$/);
  const variables = fc.uniqueArray(fc.record({ name: text, value: text }), {
    selector: ({ name }) => name,
    maxLength: 6,
  });
  const container = fc.record({
    image: text,
    imagePullPolicy: fc.constantFrom('Always' as const, 'IfNotPresent' as const, 'Never' as const),
    args: fc.array(text, { maxLength: 3 }),
    env: variables,
    resources: fc.constantFrom({}, { requests: { cpu: '10m' } }, { limits: { memory: '64Mi' } }),
  });

  it('changes nothing, whatever else there is in it', () => {
    fc.assert(
      fc.property(container, fc.nat({ max: 6 }), fc.integer({ min: 1, max: 9 }), (main, told, replicas) => {
        const live = {
          replicas,
          ...{ minReadySeconds: 7, selector: { matchLabels: { app: 'proxy' } } },
          template: {
            metadata: { labels: { app: 'proxy', team: 'edge' } },
            spec: {
              containers: [
                { name: 'agent', image: 'agent' },
                { name: 'main', stdin: true, ...main },
              ],
              dnsPolicy: 'Default',
            },
          },
        };
        const proxy = { ...main, env: main.env.slice(0, told), replicas };
        const applied = specOf(plannedWith({ ...adopting, proxy }, strangers).get('Deployment/proxy'));
        expect(merged(live, applied)).toEqual(live);
      }),
    );
  });

  /** As server-side apply merges: maps by their keys, containers and variables by their names, other lists as a whole. */
  function merged(before: unknown, patch: unknown): unknown {
    if (Array.isArray(before) && Array.isArray(patch)) {
      if (!patch.every(isNamed)) return patch;
      const names = [...before, ...patch].map(({ name }) => name);
      const by = (list: readonly { name?: unknown }[], name: unknown) => list.find((each) => each.name === name);
      return [...new Set(names)].map((name) => merged(by(before, name), by(patch, name)));
    }
    if (!isMap(before) || !isMap(patch)) return patch ?? before;
    return Object.fromEntries(
      [...new Set([...Object.keys(before), ...Object.keys(patch)])].map((key) => [
        key,
        merged(before[key], patch[key]),
      ]),
    );
  }

  const isMap = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
  const isNamed = (value: unknown): value is { name: unknown } => isMap(value) && 'name' in value;
});
