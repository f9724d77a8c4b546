import { Quantity } from '@capstan/crd';
import type { Draft, ResourceQuota } from '@capstan/kube';
import { resourceQuota } from '@capstan/resources';
import type { StreamBusCluster } from '../api/v1alpha1/stream-bus-cluster.ts';
import { childMetadata } from './labels.ts';
import { namesOf } from './names.ts';

/** Whether the spec says that the namespace is the cluster's alone and is to be held to what it needs. */
export function asksForFootprintQuota({ spec: { multiTenancy } }: StreamBusCluster): boolean {
  const { resourceQuotas, dedicatedNamespace } = multiTenancy?.isolation ?? {};
  return multiTenancy?.enabled === true && resourceQuotas === true && dedicatedNamespace === true;
}

/**
 * Keeps a namespace to what its one cluster needs: pods, claims, and storage.
 * @param most the largest number of brokers that there have been; those that are gone have left their claims
 */
export function footprintQuota(cluster: StreamBusCluster, most: number): Draft<ResourceQuota> {
  const bytes = bytesOfOneBroker(cluster);
  return resourceQuota(childMetadata(cluster, namesOf(cluster).resourceQuota), {
    hard: {
      pods: `${most}`,
      persistentvolumeclaims: `${2 * most}`,
      ...(bytes !== undefined && { 'requests.storage': `${bytes * BigInt(most)}` }),
    },
  });
}

/** Absent for sizes that are no whole number of bytes. */
function bytesOfOneBroker({ spec: { storage } }: StreamBusCluster): bigint | undefined {
  const [size, raftSize] = [storage.size, storage.raftSize].map((text) => Quantity.parse(`${text}`));
  return size === undefined || raftSize === undefined ? undefined : size.plus(raftSize).toInteger();
}
