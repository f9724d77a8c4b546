import type { KubeObject, StatefulSet } from '@capstan/kube';
import { childName, desiredOf, type Plan, type StepObject } from '@capstan/runtime';
import { describe, expect, it } from 'vitest';
import { aCluster, allAvailable, aPod, aWorkload, type SpecInput, unseen, usable } from '../a-cluster.fixture.ts';
import { enabledBackends } from '../backends/backend-kind.ts';
import { newCredentials } from '../backends/credentials.ts';
import type { Observed } from '../observe.ts';
import type { SecretFinding } from '../secrets/backend-secrets.ts';
import type { FromResource } from './from-resource.ts';
import { planChildren } from './plan.ts';

const spec = {
  backends: { redis: {}, nats: {} },
  patterns: [
    { name: 'keyvalue', type: 'StatefulSet', backends: ['redis'] },
    { name: 'producer', backends: ['nats'] },
    { name: 'consumer', backends: ['nats'] },
  ],
  proxy: { autoscaling: {} },
  ingress: { host: 'prism.local' },
} satisfies SpecInput;

function secretsOf(of: SpecInput, but: Readonly<Record<string, SecretFinding>> = {}): Observed['secrets'] {
  const findings = enabledBackends(aCluster({ spec: of })).map((kind) => {
    const credentials = newCredentials(kind, (bytes) => new Uint8Array(bytes));
    return [kind, but[kind] ?? { ...usable, credentials }] as const;
  });
  return { ...unseen.secrets, findings: new Map(findings) };
}

const planOf = (of: SpecInput, observed: Partial<Observed> = {}) =>
  planChildren(aCluster({ spec: of }), { ...unseen, secrets: secretsOf(of), ...observed }, {});

const stepNames = ({ steps }: Plan) => steps.map(({ name }) => name);
const namesIn = ({ steps }: Plan, step: string) =>
  steps.find(({ name }) => name === step)?.objects.map((each) => childName(desiredOf(each))) ?? [];
const nameIn = (object: StepObject) => childName(desiredOf(object));
const everything = (plan: Plan) => stepNames(plan).flatMap((step) => namesIn(plan, step));

describe('the order in which a cluster is set up', () => {
  it('is what joins it, each backend, prism-admin, proxies, patterns', () => {
    expect(stepNames(planOf(spec))).toEqual([
      ...['surroundings', 'redis', 'nats', 'prism-admin', 'proxy', 'patterns', 'new-patterns'],
    ]);
  });

  it('has passwords and fences before there is anything to protect', () => {
    const first = namesIn(planOf(spec), 'surroundings');
    expect(first).toContain('Secret/orders-redis-credentials');
    expect(first.some((name) => name.startsWith('NetworkPolicy/'))).toBe(true);
  });

  it('has the autoscaler with the proxies that it is for, and before everything once they are there', () => {
    const autoscaler = 'HorizontalPodAutoscaler/orders-prism-proxy';
    expect(namesIn(planOf(spec), 'proxy')).toContain(autoscaler);
    const running = planOf(spec, { workloads: allAvailable(aCluster({ spec })).workloads });
    expect([namesIn(running, 'surroundings'), namesIn(running, 'proxy')]).toEqual([
      expect.arrayContaining([autoscaler]),
      expect.not.arrayContaining([autoscaler]),
    ]);
  });

  it('never has an object twice', () => {
    const all = everything(planOf({ ...spec, observability: { prometheus: {}, grafana: {}, loki: {} } }));
    expect(all.toSorted()).toEqual([...new Set(all)].toSorted());
  });
});

describe('what comes after prism-admin', () => {
  const waiting = (replicas: number, available: number) => {
    const step = planOf({ admin: { replicas } }, { bootstrapped: replicas }).steps.find(
      ({ name }) => name === 'prism-admin',
    );
    const live = aWorkload(replicas === 1 ? 'Deployment' : 'StatefulSet', 'orders-prism-admin', {
      wanted: replicas,
      available,
    });
    return step?.waitingFor?.(() => live)?.message;
  };

  it.each([
    [1, 0, 'prism-admin: 0 of 1 pods are ready'],
    [1, 1, undefined],
    [3, 1, 'prism-admin: 1 of 3 pods are ready'],
    [3, 2, undefined],
  ])('of %i members with %i ready waits: %s', (members, ready, expected) => {
    expect(waiting(members, ready)).toBe(expected);
  });
});

describe('a pattern', () => {
  it('that names a backend which is not there is not started, and others are', () => {
    const plan = planOf({
      ...spec,
      patterns: [
        { name: 'session', backends: ['kafka'] },
        { name: 'consumer', backends: ['nats'] },
      ],
    });
    const made = (pattern: string) =>
      everything(plan).filter((name) => /^(Deployment|Secret)/.test(name) && name.includes(pattern));
    expect([made('session'), made('consumer')]).toEqual([
      [],
      ['Secret/orders-consumer-runner-config', 'Deployment/orders-consumer-runner'],
    ]);
  });

  const workloadsIn = (plan: Plan, step: string) =>
    namesIn(plan, step).filter((name) => /^(Deployment|StatefulSet)/.test(name));
  /** The objects of a plan as they are once they were applied, but for one. */
  const thereBut = (plan: Plan, missing?: string): Observed['live'] => {
    const all = plan.steps.flatMap(({ objects }) => objects.map(desiredOf));
    return (wanted) => {
      const found = all.find((each) => childName(each) === childName(desiredOf(wanted)));
      if (found === undefined || childName(found) === missing) return undefined;
      return { ...found, metadata: { ...found.metadata, name: found.metadata.name ?? '' } };
    };
  };

  it('waits for what its pods find when they start, and for that of no other', () => {
    const consumer = ['Deployment/orders-consumer-runner'];
    const others = ['StatefulSet/orders-keyvalue-runner', 'Deployment/orders-producer-runner'];
    const first = planOf(spec);
    expect([workloadsIn(first, 'patterns'), workloadsIn(first, 'new-patterns')]).toEqual([[], expect.anything()]);
    const plan = planOf(spec, { live: thereBut(first, 'Secret/orders-consumer-runner-config') });
    expect([workloadsIn(plan, 'patterns'), workloadsIn(plan, 'new-patterns')]).toEqual([others, consumer]);
    expect(namesIn(plan, 'patterns')).toContain('Ingress/orders-prism-proxy');
  });

  it('waits again when its configuration is another one', () => {
    const changed: SpecInput = {
      ...spec,
      patterns: spec.patterns.map((each) => ({ ...each, ...(each.name === 'producer' && { config: { a: 1 } }) })),
    };
    const hashed = { hashKey: new Uint8Array(32).fill(1) };
    const before = planOf(spec, { secrets: { ...secretsOf(spec), ...hashed } });
    const plan = planOf(changed, { secrets: { ...secretsOf(spec), ...hashed }, live: thereBut(before) });
    expect(workloadsIn(plan, 'new-patterns')).toEqual(['Deployment/orders-producer-runner']);
  });

  it.each([
    ['with volumes', { size: '1Gi' }, ['StatefulSet/orders-letters-runner']],
    ['without volumes', undefined, []],
  ])('that cannot be run any more %s leaves this, without pods: %o', (_title, storage, expected) => {
    const letters = {
      ...{ name: 'letters', type: 'StatefulSet' as const, backends: ['redis' as const] },
      ...(storage !== undefined && { storage }),
    };
    const of = (backends: NonNullable<SpecInput['backends']>): SpecInput => ({
      ...spec,
      backends,
      patterns: [letters],
    });
    const running = planOf(of({ redis: {} }), {})
      .steps.flatMap(({ objects }) => objects.map(desiredOf))
      .find((each) => childName(each) === 'StatefulSet/orders-letters-runner') as StatefulSet; // it was asked for
    const plan = planOf(of({ redis: { enabled: false } }), { statefulSets: [running] });
    expect(workloadsIn(plan, 'patterns')).toEqual(expected);
    const [left] = plan.steps
      .flatMap(({ objects }) => objects)
      .filter((each) => nameIn(each) === 'StatefulSet/orders-letters-runner');
    if (expected.length > 0) expect(left).toMatchObject({ replicas: 'Ours', object: { spec: { replicas: 0 } } });
  });

  it('that gives up on NATS is restarted after an outage, and no other', () => {
    const plan = planOf(spec, { natsOutage: { restartedFor: '2026-01-01T00:00:00Z' } });
    const restarted = plan.steps
      .flatMap(({ objects }) => objects.map(desiredOf))
      .filter((object) => JSON.stringify(object).includes('"prism.io/restarted-for":"2026-01-01T00:00:00Z"'));
    expect(restarted.map(childName)).toEqual(['Deployment/orders-producer-runner']);
  });
});

describe('prism-admin that runs with another number of members than is asked for', () => {
  it.each([
    [1, 3],
    [3, 1],
  ])('is reached where those %i listen, not where %i would', (bootstrapped, replicas) => {
    const of = (members: number): SpecInput => ({ ...spec, observability: {}, admin: { replicas: members } });
    const others = (plan: Plan) => plan.steps.flatMap(({ objects }) => objects.map(desiredOf));
    const asked = planOf(of(replicas), { bootstrapped });
    expect(others(asked)).toEqual(others(planOf(of(bootstrapped), { bootstrapped })));
  });
});

describe('a prism-admin that is to stop', () => {
  const live = (kind: string, name: string): KubeObject => ({
    ...{ apiVersion: 'apps/v1', kind, metadata: { name } },
  });
  const goes = (step: 'Stopping' | 'Starting') => {
    const rebootstrap = { from: 1, to: 3, step, since: '2026-01-01T00:00:00Z' };
    const { superfluous } = planOf(spec, { bootstrapped: 1, rebootstrap });
    const all = [live('Deployment', 'orders-prism-admin'), live('StatefulSet', 'orders-prism-admin')];
    const others = [live('Service', 'orders-prism-admin'), live('Deployment', 'orders-prism-proxy')];
    return [...all, ...others].map((each) => superfluous?.(each));
  };

  it('goes whatever is wrong with others', () => {
    expect([goes('Stopping'), goes('Starting')]).toEqual([
      [true, true, false, false],
      [false, false, false, false],
    ]);
  });
});

describe('what is left of a pattern that was taken out', () => {
  const labelled = (component: string): KubeObject => ({
    ...{ apiVersion: 'apps/v1', kind: 'Deployment' },
    metadata: { name: 'x', labels: { 'app.kubernetes.io/component': component } },
  });
  const running = { workloads: allAvailable(aCluster({ spec })).workloads };
  const goes = (observed: Partial<Observed>, component: string) =>
    planOf(spec, observed).superfluous?.(labelled(component));

  it('waits for nobody, and nothing else goes with it', () => {
    const all = ['letters-runner', 'keyvalue-runner', 'redis', 'prism-proxy'];
    expect(all.map((each) => goes(running, each))).toEqual([true, false, false, false]);
  });

  it('waits for a pattern that is still to be made, which may be its successor', () => {
    const without = new Map([...running.workloads].filter(([name]) => name !== 'producer-runner'));
    expect(goes({ workloads: without }, 'letters-runner')).toBe(false);
  });
});

describe('what is left of a PrismPattern that is gone', () => {
  const letters: KubeObject = {
    ...{ apiVersion: 'apps/v1', kind: 'Deployment' },
    metadata: {
      name: 'orders-letters-runner',
      labels: { 'app.kubernetes.io/component': 'letters-runner' },
      annotations: { 'prism.io/pattern-generation': '1' },
    },
  };
  const { annotations: _annotations, ...plain } = letters.metadata;
  const cluster = aCluster({ spec: { patterns: [{ name: 'next' }] } });
  const goes = (from: Partial<FromResource>, live: KubeObject) => {
    const patterns = cluster.spec.patterns.map((each) => ({ ...each, ...from }));
    const withNext = { ...cluster, spec: { ...cluster.spec, patterns } };
    return planChildren(withNext, allAvailable(withNext, { 'next-runner': null }), {}).superfluous?.(live);
  };

  it('waits for nobody, for it cannot be another one by now', () => {
    expect([goes({}, letters), goes({}, { ...letters, metadata: plain })]).toEqual([true, false]);
  });

  it('and no pattern of the spec waits for one that is a resource', () => {
    expect(goes({ generation: 1 }, { ...letters, metadata: plain })).toBe(true);
  });
});

describe('a backend that no pattern names any more', () => {
  const before: SpecInput = {
    backends: { redis: {}, nats: {} },
    patterns: [{ name: 'carts', image: 'mine:1', type: 'StatefulSet', backends: ['redis'] }],
  };
  const moved = (redis: { readonly enabled: boolean }): SpecInput => ({
    backends: { redis, nats: {} },
    patterns: [{ name: 'carts', image: 'mine:1', type: 'StatefulSet', backends: ['nats'] }],
  });
  const objectsOf = (plan: Plan) => plan.steps.flatMap(({ objects }) => objects.map(desiredOf));
  const find = (plan: Plan, name: string) => objectsOf(plan).find((each) => childName(each) === name);
  /** A pattern as it runs once a plan was carried out, but for the counts. */
  const running = (plan: Plan, counts: Parameters<typeof aWorkload>[2] = {}): Partial<Observed> => {
    const annotations = find(plan, 'StatefulSet/orders-carts-runner')?.metadata.annotations ?? {};
    const live = aWorkload('StatefulSet', 'orders-carts-runner', counts);
    return { workloads: new Map([['carts-runner', { ...live, metadata: { ...live.metadata, annotations } }]]) };
  };
  const reachesRedis = (plan: Plan) =>
    JSON.stringify(find(plan, 'NetworkPolicy/orders-redis') ?? {}).includes('carts-runner');
  const isRedisKept = (plan: Plan) => {
    const labels = { 'app.kubernetes.io/component': 'redis' };
    return plan.retained?.({ apiVersion: 'apps/v1', kind: 'StatefulSet', metadata: { name: 'orders-redis', labels } });
  };

  it('is reached, and stays where it is disabled, until the last pod that was made for it is gone', () => {
    const first = planOf(before);
    const settled = running(first);
    for (const enabled of [true, false]) {
      const seen = (plan: Plan) => (enabled ? reachesRedis(plan) : isRedisKept(plan));
      const change = planOf(moved({ enabled }), settled);
      expect(seen(change)).toBe(true);
      const rolling = planOf(moved({ enabled }), running(change, { updated: 0 }));
      expect(seen(rolling)).toBe(true);
      const leaving = planOf(moved({ enabled }), {
        ...running(rolling),
        pods: [aPod('carts-runner', { isTerminating: true })],
      });
      expect(seen(leaving)).toBe(true);
      expect(seen(planOf(moved({ enabled }), running(leaving)))).toBe(false);
    }
  });

  it('is kept where it moves to a server elsewhere', () => {
    const elsewhere = { auth: 'None' as const, external: { endpoint: 'r.example:6379' } };
    const change = planOf({ ...before, backends: { redis: elsewhere, nats: {} } }, running(planOf(before)));
    expect(isRedisKept(change)).toBe(true);
  });

  it('is not kept for a pattern that is not started, or that is gone', () => {
    const settled = running(planOf(before));
    expect(isRedisKept(planOf({ ...moved({ enabled: false }), patterns: [] }, settled))).toBe(false);
    expect(isRedisKept(planOf({ ...before, backends: { redis: { enabled: false } } }, settled))).toBe(false);
  });

  it('restarts nobody by what is remembered of it', () => {
    const change = planOf(moved({ enabled: true }), running(planOf(before)));
    const later = planOf(moved({ enabled: true }), running(change));
    const specOf = (plan: Plan) => find(plan, 'StatefulSet/orders-carts-runner');
    expect(specOf(change)?.metadata.annotations).not.toEqual(specOf(later)?.metadata.annotations);
    expect({ ...specOf(change), metadata: {} }).toEqual({ ...specOf(later), metadata: {} });
  });
});

describe('a backend whose Secret cannot be used', () => {
  const missing: SecretFinding = { kind: 'Unusable', reason: 'SecretMissing', message: 'Secret/cache does not exist' };
  const plan = planOf(spec, { secrets: secretsOf(spec, { redis: missing }) });
  const labelled = (component: string): KubeObject => ({
    ...{ apiVersion: 'apps/v1', kind: 'StatefulSet' },
    metadata: { name: 'x', labels: { 'app.kubernetes.io/component': component } },
  });

  it('holds up what comes after it, and says why', () => {
    const step = plan.steps.find(({ name }) => name === 'redis');
    expect([step?.objects, step?.waitingFor?.(() => undefined)]).toEqual([
      [],
      { reason: 'SecretMissing', message: 'Secret/cache does not exist' },
    ]);
  });

  it('stays as it is with the patterns that use it, and everything else is looked after', () => {
    const retained = ['redis', 'keyvalue-runner', 'nats', 'consumer-runner'].map((component) =>
      plan.retained?.(labelled(component)),
    );
    expect(retained).toEqual([true, true, false, false]);
    expect(everything(plan)).toContain('Deployment/orders-consumer-runner');
  });

  it('has nothing made for it', () => {
    expect(everything(plan).filter((name) => /redis|keyvalue/.test(name) && !name.startsWith('NetworkPolicy'))).toEqual(
      [],
    );
  });
});
