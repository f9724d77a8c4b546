import type { ConfigMap, Draft } from '@capstan/kube';
import { configMap } from '@capstan/resources';
import type { StreamBusCluster } from '../api/v1alpha1/stream-bus-cluster.ts';
import { brokerConfigFiles } from './broker-config.ts';
import { childMetadata } from './labels.ts';
import { namesOf } from './names.ts';

/** The configuration of all brokers, one file per pod: broker id and own address differ from pod to pod. */
export function brokerConfigMap(cluster: StreamBusCluster, members: number): Draft<ConfigMap> {
  return configMap(childMetadata(cluster, namesOf(cluster).brokerConfig), brokerConfigFiles(cluster, members));
}
