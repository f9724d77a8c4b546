import type { InputOf } from '@capstan/crd';
import { PrismCluster } from '../api/v1alpha1/prism-cluster.ts';
import type { BackendKind } from './backend-kind.ts';
import type { Credentials } from './credentials.ts';

type SpecInput = NonNullable<InputOf<typeof PrismCluster>['spec']>;

/** A cluster `orders` in the namespace `shop` with these backends, as the API server would return it. */
export function aClusterWith(backends: NonNullable<SpecInput['backends']>, spec: SpecInput = {}): PrismCluster {
  return PrismCluster.withDefaults({
    apiVersion: 'prism.io/v1alpha1',
    kind: 'PrismCluster',
    metadata: { name: 'orders', namespace: 'shop', generation: 1, uid: '2f6a' },
    spec: { ...spec, backends },
  });
}

/** Credentials of every backend that nothing else in a child looks like. */
export const someCredentials: Readonly<Record<BackendKind, Credentials>> = {
  redis: { password: 'redis-Xq7-password' },
  nats: { username: 'nats-Xq7-user', password: 'nats-Xq7-password' },
  postgres: { username: 'postgres-Xq7-user', password: 'postgres-Xq7-password' },
  minio: { rootUser: 'minio-Xq7-user', rootPassword: 'minio-Xq7-password' },
  kafka: { clusterId: 'Xq7kafka-cluster-id-0A' },
};
