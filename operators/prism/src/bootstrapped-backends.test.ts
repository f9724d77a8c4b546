import type { KubeObject } from '@capstan/kube';
import { describe, expect, it } from 'vitest';
import { aCluster, aWorkload, type SpecInput, unseen } from './a-cluster.fixture.ts';
import { aPass } from './a-pass.fixture.ts';
import type { PrismClusterStatus } from './api/v1alpha1/prism-cluster.ts';
import { type BootstrappedBackends, bootstrappedBackends } from './bootstrapped-backends.ts';
import { statusOf } from './status.ts';

interface Sight {
  readonly spec?: SpecInput;
  readonly status?: PrismClusterStatus;
  readonly objects?: readonly KubeObject[];
  readonly isCarriedOut?: boolean;
}

function madeOf({ spec = {}, status, objects = [], isCarriedOut = false }: Sight) {
  const cluster = aCluster({ spec, ...(status !== undefined && { status }) });
  return bootstrappedBackends(cluster, aPass({ objects }).cache, { isCarriedOut });
}

/** Claims as the cache has those that StatefulSets make: with little more than their names. */
function claims(server: string, ...numbers: readonly number[]): readonly KubeObject[] {
  return numbers.map((number) => ({
    ...{ apiVersion: 'v1', kind: 'PersistentVolumeClaim' },
    metadata: { name: `data-orders-${server}-${number}`, namespace: 'shop' },
  }));
}

const remembered: PrismClusterStatus = {
  bootstrappedBackends: {
    ...{ kafka: { replicas: 3, mode: 'ZooKeeper' }, postgres: { database: 'shop' }, nats: { replicas: 1 } },
  },
};

describe('what backends were made with', () => {
  it('is remembered for as long as a server or a volume is there', () => {
    const objects = [...claims('kafka', 0), aWorkload('StatefulSet', 'orders-postgres'), ...claims('nats', 0)];
    expect(madeOf({ status: remembered, objects, isCarriedOut: true })).toEqual(remembered.bootstrappedBackends);
  });

  it('is forgotten once nothing of them is left', () => {
    expect(madeOf({ status: remembered, objects: claims('redis', 0) })).toEqual({});
  });

  it('is what the servers show, whatever the spec asks for', () => {
    const spec = { backends: { kafka: { replicas: 3 } } };
    const objects = [aWorkload('StatefulSet', 'orders-kafka', { wanted: 5 })];
    expect(madeOf({ spec, objects })).toEqual({ kafka: { replicas: 5, mode: 'KRaft' } });
  });

  it.each([
    ['one', claims('kafka', 0), { replicas: 1, mode: 'KRaft' }],
    ['three', claims('kafka', 0, 1, 2), { replicas: 3, mode: 'KRaft' }],
    ['three of which the last volume is lost', claims('kafka', 0, 1), { replicas: 3, mode: 'KRaft' }],
    ['with a ZooKeeper', [...claims('kafka', 0), ...claims('zookeeper', 1)], { replicas: 1, mode: 'ZooKeeper' }],
  ])('is what the volumes show that a cluster of this name has left: %s', (_which, objects, kafka) => {
    expect(madeOf({ objects })).toEqual({ kafka });
  });

  it('is the database of the spec that was carried out', () => {
    const sight = { spec: { backends: { postgres: { database: 'shop' } } }, objects: claims('postgres', 0) };
    expect([madeOf(sight), madeOf({ ...sight, isCarriedOut: true })]).toEqual([{}, { postgres: { database: 'shop' } }]);
  });

  it('is nothing of NATS servers that have no volumes', () => {
    expect(madeOf({ objects: [aWorkload('StatefulSet', 'orders-nats')] })).toEqual({});
    expect(madeOf({ objects: claims('nats', 0, 1, 2) })).toEqual({ nats: { replicas: 3 } });
  });
});

describe('the status', () => {
  it('remembers what backends were made with, until nothing is left', () => {
    const statusFor = (made: BootstrappedBackends) => {
      const findings = {
        observed: { ...unseen, bootstrappedBackends: made },
        children: [],
        failures: [],
        contests: [],
      };
      return statusOf(aCluster({ status: remembered }), findings, '2026-01-01T00:00:00Z').bootstrappedBackends;
    };
    expect([statusFor({ nats: { replicas: 3 } }), statusFor({})]).toEqual([{ nats: { replicas: 3 } }, undefined]);
  });
});
