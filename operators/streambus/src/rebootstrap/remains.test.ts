import type { KubeObject } from '@capstan/kube';
import { describe, expect, it } from 'vitest';
import { aCluster, aStatefulSet } from '../a-cluster.fixture.ts';
import { aPass } from '../a-pass.fixture.ts';
import { aBrokerPod } from '../brokers/a-broker-pod.fixture.ts';
import { formerBrokers, raftClaimsOf, remainsOf, removeRaftClaims } from './remains.ts';

const cluster = aCluster();
const claim = (name: string, going = {}): KubeObject => ({
  ...{ apiVersion: 'v1', kind: 'PersistentVolumeClaim' },
  metadata: { name, namespace: 'shop', uid: `uid-${name}`, ...going },
});
const claims = [
  'raft-data-orders-0',
  'raft-data-orders-2',
  'data-orders-0',
  'raft-data-orders-eu-0',
  'raft-data-orders-x',
].map((name) => claim(name));

describe('the raft volumes of a cluster', () => {
  it('are those of its own brokers, and no volume with messages', async () => {
    const found = await raftClaimsOf(cluster, aPass({ objects: claims }));
    expect(found.map(({ metadata: { name } }) => name)).toEqual(['raft-data-orders-0', 'raft-data-orders-2']);
  });

  it('are removed by their UIDs, each once', async () => {
    const going = claim('raft-data-orders-1', { deletionTimestamp: '2026-01-01T00:00:00Z' });
    const pass = aPass({ objects: [...claims, going] });
    await removeRaftClaims(cluster, pass);
    expect(pass.asked.filter((each) => each.startsWith('remove'))).toEqual([
      'remove PersistentVolumeClaim/raft-data-orders-0 uid-raft-data-orders-0',
      'remove PersistentVolumeClaim/raft-data-orders-2 uid-raft-data-orders-2',
    ]);
  });

  it('tell how many brokers a former cluster had, also where the first of them are gone', async () => {
    const former = (...objects: readonly KubeObject[]) => formerBrokers(cluster, aPass({ objects }));
    expect([await former(...claims), await former(claim('raft-data-orders-4')), await former()]).toEqual([3, 5, 0]);
  });

  it.each([
    ['by the label that a StatefulSet gives them', 'standard', { labelSelector: 'app.kubernetes.io/instance=orders' }],
    ['among all claims where somebody made them, maybe without labels', '', {}],
  ])('are looked for %s', async (_how, storageClass, expected) => {
    const asked: unknown[] = [];
    const list: ReturnType<typeof aPass>['list'] = (_type, which) => {
      asked.push(which);
      return Promise.resolve([]);
    };
    await formerBrokers(aCluster({ spec: { storage: { class: storageClass } } }), { ...aPass(), list });
    expect(asked).toEqual([expected]);
  });
});

describe('what remains of a cluster', () => {
  const stopped = { ...aStatefulSet(cluster, { replicas: 0 }) };
  const empty = { ...stopped, spec: { ...stopped.spec, replicas: 0 } } as typeof stopped; // asked for no broker
  const remains = (statefulSet: typeof stopped | undefined, ...objects: readonly KubeObject[]) =>
    remainsOf(cluster, statefulSet, aPass({ objects }));

  it('is nothing that runs when no broker is asked for, the controller has seen that, and no pod is left', async () => {
    expect(await remains(empty, ...claims)).toEqual({ isStopped: true, raftClaims: 2 });
  });

  const unseen = { ...empty, metadata: { ...empty.metadata, generation: 2 } };
  it.each([
    ['a pod is left', empty, [aBrokerPod('orders-0')]],
    ['a pod is going', empty, [aBrokerPod('orders-0', { metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' } })]],
    ['brokers are asked for', stopped, []],
    ['the controller has not seen that none is', unseen, []],
    ['the controller still counts a pod', { ...empty, status: { ...empty.status, replicas: 1 } }, []],
    ['nobody knows of a StatefulSet', undefined, []],
  ] as const)('may run while %s', async (_when, statefulSet, pods) => {
    expect((await remains(statefulSet as typeof stopped | undefined, ...pods)).isStopped).toBe(false);
  });
});
