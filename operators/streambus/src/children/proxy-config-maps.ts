import type { ConfigMap, Draft } from '@capstan/kube';
import { configMap } from '@capstan/resources';
import type { StreamBusCluster } from '../api/v1alpha1/stream-bus-cluster.ts';
import { renderAccessFiles } from '../proxy/access-files.ts';
import { renderProxyConfig } from '../proxy/proxy-config.ts';
import type { ProxySettings } from '../proxy/proxy-settings.ts';
import { childMetadata } from './labels.ts';
import { namesOf } from './names.ts';

/** What the proxies read at start, and apart from it the names and limits that they take up while they run. */
export function proxyConfigMaps(cluster: StreamBusCluster, settings: ProxySettings): readonly Draft<ConfigMap>[] {
  const { proxyConfig, access } = namesOf(cluster);
  return [
    configMap(childMetadata(cluster, proxyConfig), { 'haproxy.cfg': renderProxyConfig(settings) }),
    configMap(childMetadata(cluster, access), renderAccessFiles(settings)),
  ];
}
