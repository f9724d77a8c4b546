import { ConfigMap, Deployment, Event, Ingress, Pod, Secret, Service, StatefulSet } from '@capstan/kube';
import { PrismCluster } from '@capstan/prism-operator';
import type { World } from '@capstan/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bringUp, openPrismWorld, sample, told, workloads } from './open-prism-world.ts';

let world: World;

beforeAll(async () => {
  world = await openPrismWorld({ name: 'sample' });
  await bringUp(world, sample());
}, 120_000);

afterAll(() => world?.[Symbol.asyncDispose]());

/** When an object was first written, as its place among the writes of the operator. */
function firstWrite(name: string, resource: string): number {
  return world.writes().findIndex((write) => write.resource === resource && write.name === name);
}

describe("the requirement's own sample", () => {
  it('becomes a Prism with all that it names', async () => {
    expect(await workloads(world)).toEqual([
      'Deployment/prism-local-consumer-runner',
      'Deployment/prism-local-prism-admin',
      'Deployment/prism-local-prism-proxy',
      'Deployment/prism-local-producer-runner',
      'StatefulSet/prism-local-keyvalue-runner',
      'StatefulSet/prism-local-mailbox-runner',
      'StatefulSet/prism-local-minio',
      'StatefulSet/prism-local-nats',
      'StatefulSet/prism-local-redis',
    ]);
    expect((await world.get(Ingress, 'prism-local-prism-proxy'))?.spec?.ingressClassName).toBe('nginx');
  });

  it('is read in its status as the requirement shows it', async () => {
    const { status } = (await world.get(PrismCluster, 'prism-local')) ?? {};
    const healthy = (name: string, replicas: number) => ({ name, ready: true, replicas, availableReplicas: replicas });
    expect(status).toMatchObject({
      phase: 'Running',
      adminStatus: healthy('prism-admin', 1),
      proxyStatus: healthy('prism-proxy', 2),
      patternStatus: [
        healthy('keyvalue-runner', 1),
        healthy('consumer-runner', 2),
        healthy('producer-runner', 2),
        healthy('mailbox-runner', 1),
      ],
      backendStatus: [healthy('redis', 1), healthy('nats', 1), healthy('minio', 1)],
      lastReconciled: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
    });
  });

  it('has its backends one after the other, then admin, proxy and patterns', async () => {
    const order = [
      firstWrite('prism-local-redis', 'statefulsets'),
      firstWrite('prism-local-nats', 'statefulsets'),
      firstWrite('prism-local-minio', 'statefulsets'),
      firstWrite('prism-local-prism-admin', 'deployments'),
      firstWrite('prism-local-prism-proxy', 'deployments'),
      firstWrite('prism-local-keyvalue-runner', 'statefulsets'),
    ];
    expect(order).not.toContain(-1);
    expect(order).toEqual(order.toSorted((a, b) => a - b));
    const ready = async (pod: string) => {
      const found = await world.get(Pod, pod);
      return Date.parse(found?.status?.conditions?.find(({ type }) => type === 'Ready')?.lastTransitionTime ?? '');
    };
    const made = async (name: string) =>
      Date.parse((await world.get(StatefulSet, name))?.metadata.creationTimestamp ?? '');
    expect(await made('prism-local-nats')).toBeGreaterThanOrEqual(await ready('prism-local-redis-0'));
    expect(await made('prism-local-minio')).toBeGreaterThanOrEqual(await ready('prism-local-nats-0'));
  });

  it('says which of its runners cannot work as released, and is Ready nevertheless', async () => {
    expect(await told(world, 'prism-local', 'Ready')).toBe('True AllReady: Everything runs as the spec says.');
    expect(await told(world, 'prism-local', 'RunnerSupported')).toContain('False Unsupported: mailbox-runner');
    expect(await told(world, 'prism-local', 'UnpinnedVersions')).toContain('nats:latest');
  });

  it('has its passwords in Secrets and nowhere else', async () => {
    const secrets = (await world.list(Secret)).filter(({ metadata }) => metadata.name.endsWith('-credentials'));
    const passwords = secrets.flatMap(({ data = {} }) =>
      Object.entries(data)
        .filter(([key]) => /password/i.test(key))
        .map(([, value]) => Buffer.from(value, 'base64').toString('utf8')),
    );
    expect(passwords).toHaveLength(3);
    const open = [
      ...(await world.list(ConfigMap)),
      ...(await world.list(StatefulSet)),
      ...(await world.list(Deployment)),
      ...(await world.list(Service)),
      ...(await world.list(Event)),
      ...(await world.list(PrismCluster)),
      ...world.logs(),
    ].map((each) => JSON.stringify(each));
    expect(open.filter((text) => passwords.some((password) => text.includes(password)))).toEqual([]);
  });

  it('costs no request once it is settled', async () => {
    await world.settled({ quietMs: 10_000, timeoutMs: 60_000 });
  }, 90_000);

  it('costs no write when the operator is started again', async () => {
    await world.expectWrites(0, () => world.restartOperator());
  }, 90_000);

  it('is looked after: what somebody edits or deletes comes back', async () => {
    await world.expectWrites({ 'patch services': 1 }, () =>
      world.edit(Service, 'prism-local-redis', { spec: { selector: { 'app.kubernetes.io/component': 'nats' } } }),
    );
    await world.delete(ConfigMap, 'prism-local-service-discovery');
    await world.eventually(async () =>
      expect((await world.get(ConfigMap, 'prism-local-service-discovery'))?.data?.['REDIS_URL']).toBe(
        `redis://prism-local-redis.${world.namespace}.svc:6379`,
      ),
    );
  });
});

describe('the permissions of the operator', () => {
  it('are enough, as the suites above have run with them', async () => {
    const { forbidden } = await world.permissions();
    expect(forbidden).toEqual([]);
  });
});
