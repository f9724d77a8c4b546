import { describe, expect, test } from 'vitest';
import {
  autoscaler,
  conditions,
  deployment,
  ingress,
  now,
  objects,
  pod,
  someCluster,
  statefulSet,
  untyped,
} from '../cluster-objects.fixture.ts';
import type { ClusterObjects } from '../cluster-objects.ts';
import { clusterReport } from '../report/cluster-report.ts';
import { statusLines, statusNews } from './status-text.ts';

const text = (of: ClusterObjects): string =>
  statusLines(clusterReport(of), now)
    .map((line) => line.text)
    .join('\n');

const told = (name: string, ready: boolean, message?: string) => ({
  ...{ name, ready, replicas: 1, availableReplicas: ready ? 1 : 0 },
  ...(message !== undefined && { message }),
});

const troubled = objects({
  cluster: someCluster({
    phase: 'Degraded',
    backendStatus: [told('redis', false, '0 of 1 available'), told('postgres', true)],
    adminStatus: told('prism-admin', true),
    proxyStatus: told('prism-proxy', true),
    patternStatus: [told('keyvalue-runner', true), told('consumer-runner', false, 'redis is not enabled')],
    conditions: conditions(['Ready', 'False', 'PodStuck', 'redis: 0 of 1 available']),
  }),
  workloads: [
    statefulSet('redis', 'backend', 0),
    deployment('prism-admin', 'admin', 1, 1),
    deployment('prism-proxy', 'proxy', 2, 1),
    statefulSet('keyvalue-runner', 'pattern', 1),
    deployment('old-runner', 'pattern', 1, 1),
  ],
  pods: [
    pod('orders-redis-0', 'StatefulSet/orders-redis', {
      restartCount: 3,
      state: { waiting: { reason: 'ImagePullBackOff', message: 'Back-off pulling image "redis:no"' } },
    }),
    pod('orders-prism-admin-7f-a', 'ReplicaSet/orders-prism-admin-7f', 'ready'),
    pod('orders-prism-proxy-5d-b', 'ReplicaSet/orders-prism-proxy-5d', {
      state: { waiting: { reason: 'ContainerCreating' } },
    }),
    pod('orders-prism-proxy-5d-a', 'ReplicaSet/orders-prism-proxy-5d', 'ready'),
    pod('somebody-else', 'StatefulSet/orders-redis-2', 'ready'),
  ],
  autoscalers: [autoscaler()],
  ingresses: [ingress([])],
  patterns: [
    untyped('PrismPattern', 'mail', {
      status: { phase: 'Running', cluster: 'orders', conditions: [{ type: 'Ready', status: 'True' }] },
    }),
    untyped('PrismPattern', 'other', { spec: { cluster: 'another' } }),
  ],
  namespaces: [
    untyped('PrismNamespace', 'team-a', {
      spec: { cluster: 'orders' },
      status: { conditions: [{ type: 'Ready', status: 'False', reason: 'NoLeader', message: 'nobody\nleads' }] },
    }),
  ],
  forbidden: ['events'],
});

describe('the tree of a cluster', () => {
  test('says what is wrong first, then shows each part with what keeps it', () => {
    expect(`\n${text(troubled)}\n`).toMatchInlineSnapshot(`
      "
      PrismCluster shop/orders is not Ready
        PodStuck: redis: 0 of 1 available

      NAME                                                 READY  STATE              RESTARTS  AGE    WHY
      PrismCluster/orders                                         Degraded                     1 min
      ├─ backends                                          1/2
      │  ├─ StatefulSet/orders-redis                       0/1    Starting                     1 min  0 of 1 available
      │  │  └─ Pod/orders-redis-0                                 ImagePullBackOff   3         1 min  Back-off pulling image "redis:no"
      │  └─ postgres                                              Elsewhere
      ├─ admin                                             1/1
      │  └─ Deployment/orders-prism-admin                  1/1    Ready                        1 min
      │     └─ Pod/orders-prism-admin-7f-a                        Ready              0         1 min
      ├─ proxy                                             1/1
      │  └─ Deployment/orders-prism-proxy                  1/2    Starting                     1 min  1 of 2 ready
      │     ├─ HorizontalPodAutoscaler/orders-prism-proxy         Inactive                            2 to 10 pods, 2 now; no metrics
      │     ├─ Pod/orders-prism-proxy-5d-a                        Ready              0         1 min
      │     └─ Pod/orders-prism-proxy-5d-b                        ContainerCreating  0         1 min
      ├─ patterns                                          1/3
      │  ├─ StatefulSet/orders-keyvalue-runner             1/1    Ready                        1 min
      │  ├─ consumer-runner                                       Absent                              redis is not enabled
      │  └─ Deployment/orders-old-runner                   1/1    Ready                        1 min  the operator does not tell of it
      ├─ ingress
      │  └─ Ingress/orders-prism-proxy                            Waiting                      1 min  http://orders.example; no controller of class nginx has taken it up
      ├─ PrismPatterns
      │  └─ PrismPattern/mail                                     Running                      1 min
      └─ PrismNamespaces
         └─ PrismNamespace/team-a                                 NoLeader                     1 min  nobody leads
      not shown: events: you may not list them in namespace shop
      "
    `);
  });

  test('is one line of a cluster that nobody has looked at yet', () => {
    const cluster = { ...someCluster({}, { generation: 1 }), status: {} };
    expect(`\n${text(objects({ cluster }))}\n`).toMatchInlineSnapshot(`
      "
      PrismCluster shop/orders is not Ready
        The operator has not looked at it yet: if that stays so, see that prism-operator runs and works in this namespace.

      NAME                 READY  STATE    RESTARTS  AGE    WHY
      PrismCluster/orders         Unknown            1 min
      "
    `);
  });

  test('calls a server that runs elsewhere by what it is', () => {
    const cluster = someCluster({ phase: 'Running', backendStatus: [told('postgres', true)] });
    expect(text(objects({ cluster }))).toMatch(/^└─ backends +1\/1\n {3}└─ postgres +Elsewhere$/m);
  });

  test('says where an Ingress is reached', () => {
    expect(text(objects({ ingresses: [ingress(['10.0.0.7'])] }))).toContain('http://orders.example; at 10.0.0.7');
  });
});

describe('what is new', () => {
  test('has no ages, so that nothing is new while nothing changes', () => {
    const news = statusNews(clusterReport(troubled)).map((each) => each.text);
    expect(news).toContain('Pod/orders-redis-0  ImagePullBackOff  restarts 3  Back-off pulling image "redis:no"');
    expect(news.join('\n')).not.toContain('1 min');
  });

  test('says what holds it back, and that nothing does any more', () => {
    const last = (of: ClusterObjects) => statusNews(clusterReport(of)).at(-1);
    expect(last(troubled)).toEqual({ about: 'hold-ups', text: 'held back by PodStuck: redis: 0 of 1 available' });
    const cluster = someCluster({ conditions: conditions(['Ready', 'True', 'AllReady', 'fine']) });
    expect(last(objects({ cluster }))).toEqual({ about: 'hold-ups', text: 'held back by nothing' });
  });
});
