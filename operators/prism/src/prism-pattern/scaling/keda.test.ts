import { desiredOf } from '@capstan/runtime';
import { describe, expect, it } from 'vitest';
import type { SpecInput } from '../../a-cluster.fixture.ts';
import type { Trigger } from '../../api/v1beta1/prism-pattern.ts';
import { aClusterWithBackends, aPattern } from '../a-pattern.fixture.ts';
import { kedaObjects } from './keda.ts';

const everything: NonNullable<SpecInput['backends']> = { redis: {}, nats: {}, postgres: {}, kafka: {} };

function objectsFor(triggers: readonly Trigger[], spec: SpecInput = { backends: everything }) {
  const pattern = aPattern({ autoscaling: { triggers: [...triggers], minReplicas: 0, cooldownPeriod: 60 } });
  const { autoscaling } = pattern.spec;
  if (autoscaling === undefined) throw new Error('it asks for an autoscaler');
  const { surroundings, scaledObject, missing } = kedaObjects(
    { pattern, cluster: aClusterWithBackends(spec) },
    autoscaling,
  );
  const all = surroundings.map(desiredOf) as readonly (ReturnType<typeof desiredOf> & { readonly spec?: unknown })[];
  return {
    scaledObject,
    missing,
    specs: new Map(all.map((each) => [`${each.kind}/${each.metadata.name}`, each.spec])),
  };
}

const triggerFor = (trigger: Trigger, spec?: SpecInput) => objectsFor([trigger], spec).scaledObject.spec?.triggers?.[0];

describe('a trigger of KEDA', () => {
  it('gets the address of the cluster’s own backend where it leaves it out, and credentials by reference', () => {
    expect(triggerFor({ type: 'redis', metadata: { listName: 'work' } })).toEqual({
      type: 'redis',
      metadata: { address: 'orders-redis.shop.svc:6379', listName: 'work' },
      authenticationRef: { name: 'orders-letters-runner-redis' },
    });
    expect(triggerFor({ type: 'kafka', metadata: { topic: 't' } })).toEqual({
      type: 'kafka',
      metadata: { bootstrapServers: 'orders-kafka.shop.svc:9092', topic: 't' },
    });
    expect(triggerFor({ type: 'nats-jetstream', metadata: { stream: 's', account: 'A' } })?.metadata).toEqual({
      ...{ natsServerMonitoringEndpoint: 'orders-nats-headless.shop.svc:8222', account: 'A', stream: 's' },
    });
    expect(triggerFor({ type: 'postgresql', metadata: { query: 'select 1' } })?.metadata).toEqual({
      ...{ host: 'orders-postgres.shop.svc', port: '5432', dbName: 'prism', sslmode: 'disable', query: 'select 1' },
    });
  });

  it('that says where to ask, or asks something else, is passed on as it is', () => {
    const triggers: readonly Trigger[] = [
      { type: 'redis', metadata: { address: 'mine:6379', listName: 'work' }, authenticationRef: { name: 'mine' } },
      { type: 'rabbitmq', metadata: { queueName: 'q', hostFromEnv: 'HOST' } },
      { type: 'aws-sqs-queue', metadata: { queueURL: 'https://sqs.example/q' }, authenticationRef: { name: 'aws' } },
      { type: 'cron', name: 'day', metadata: { timezone: 'UTC', start: '0 8 * * *', end: '0 18 * * *' } },
    ];
    const { scaledObject, specs } = objectsFor(triggers);
    expect(scaledObject.spec?.triggers).toEqual(triggers);
    expect([...specs]).toEqual([]);
  });

  it('asks a server elsewhere as that is spoken to', () => {
    const kafka = { external: { endpoint: 'kafka.example:9093', tls: true, secretRef: { name: 'login' } } };
    expect(triggerFor({ type: 'kafka', metadata: { topic: 't' } }, { backends: { kafka } })).toEqual({
      type: 'kafka',
      metadata: { bootstrapServers: 'kafka.example:9093', sasl: 'plaintext', tls: 'enable', topic: 't' },
      authenticationRef: { name: 'orders-letters-runner-kafka' },
    });
    const nats = { external: { endpoint: 'nats.example:4222' } };
    const { missing } = objectsFor([{ type: 'nats-jetstream', metadata: { stream: 's' } }], { backends: { nats } });
    expect(missing).toEqual([
      'spec.autoscaling.triggers[0].metadata.natsServerMonitoringEndpoint: is needed for a nats that runs elsewhere',
    ]);
  });
});

describe('what KEDA needs besides', () => {
  const asked = [
    { type: 'redis', metadata: { listName: 'a' } },
    { type: 'redis-streams', metadata: { stream: 'b', consumerGroup: 'c' } },
    { type: 'postgresql', metadata: { query: 'select 1' } },
  ];

  it('are the credentials of each backend, once, and never a value', () => {
    const { specs } = objectsFor(asked);
    expect(specs.get('TriggerAuthentication/orders-letters-runner-redis')).toEqual({
      secretTargetRef: [{ parameter: 'password', name: 'orders-redis-credentials', key: 'password' }],
    });
    expect(specs.get('TriggerAuthentication/orders-letters-runner-postgres')).toEqual({
      secretTargetRef: [
        { parameter: 'userName', name: 'orders-postgres-credentials', key: 'username' },
        { parameter: 'password', name: 'orders-postgres-credentials', key: 'password' },
      ],
    });
    expect([...specs.keys()].filter((name) => name.startsWith('TriggerAuthentication'))).toHaveLength(2);
  });

  it('is a way in to the backends that it asks, where there are fences', () => {
    expect(objectsFor(asked).specs.get('NetworkPolicy/orders-letters-runner-keda-redis')).toMatchObject({
      podSelector: { matchLabels: { 'app.kubernetes.io/component': 'redis' } },
      ingress: [{ ports: [{ port: 6379, protocol: 'TCP' }] }],
    });
    const open = objectsFor(asked, { backends: everything, networkPolicy: { enabled: false } });
    expect([...open.specs.keys()].filter((name) => name.startsWith('NetworkPolicy'))).toEqual([]);
  });
});

describe('a ScaledObject', () => {
  it('says what the pattern says of bounds, usage, behaviour and times', () => {
    const behavior = { scaleDown: { stabilizationWindowSeconds: 60 } };
    const autoscaling = {
      scaler: 'keda',
      minReplicas: 1,
      maxReplicas: 4,
      targetMemory: 80,
      pollingInterval: 5,
      behavior,
    } as const;
    const pattern = aPattern({ workload: 'StatefulSet', autoscaling });
    const { scaledObject } = kedaObjects(
      { pattern, cluster: aClusterWithBackends() },
      { enabled: true, ...autoscaling },
    );
    expect(scaledObject.spec).toEqual({
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'orders-letters-runner' },
      ...{ minReplicaCount: 1, maxReplicaCount: 4, pollingInterval: 5 },
      triggers: [{ type: 'memory', metricType: 'Utilization', metadata: { value: '80' } }],
      advanced: { horizontalPodAutoscalerConfig: { behavior } },
    });
  });
});
