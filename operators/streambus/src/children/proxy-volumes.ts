import type { Volume, VolumeMount } from '@capstan/kube';
import { tlsFiles } from '../proxy/proxy-config.ts';
import { proxyDirectories } from '../proxy/proxy-settings.ts';

/** Where the proxy's files come from: names of objects in the cluster's own namespace. */
export interface ProxyVolumeSources {
  /** ConfigMap with `haproxy.cfg`. */
  readonly configMap: string;
  /** ConfigMap with the lists and limits; another one, so that they can change alone. */
  readonly accessConfigMap: string;
  /** Secret of type kubernetes.io/tls. */
  readonly certificateSecret: string;
  /** Secret with `ca.crt`; left out where clients are not asked for certificates. */
  readonly authoritiesSecret?: string;
}

/** Owner and group may read, nobody else; the group is the pod's. */
const secretMode = 0o440;

/** The volumes of a pod with a proxy. */
export function proxyVolumes(sources: ProxyVolumeSources): readonly Volume[] {
  return [
    { name: 'proxy-config', configMap: { name: sources.configMap } },
    { name: 'proxy-access', configMap: { name: sources.accessConfigMap } },
    { name: 'proxy-tls', projected: { defaultMode: secretMode, sources: tlsSources(sources) } },
    { name: 'proxy-run', emptyDir: { medium: 'Memory', sizeLimit: '1Mi' } },
  ];
}

type ProjectedSources = NonNullable<NonNullable<Volume['projected']>['sources']>;

function tlsSources({ certificateSecret, authoritiesSecret }: ProxyVolumeSources): ProjectedSources {
  const pair = [
    { key: 'tls.crt', path: tlsFiles.certificate },
    { key: 'tls.key', path: tlsFiles.key },
  ];
  const authorities = [{ key: 'ca.crt', path: tlsFiles.authorities }];
  return [
    { secret: { name: certificateSecret, items: pair } },
    ...(authoritiesSecret === undefined ? [] : [{ secret: { name: authoritiesSecret, items: authorities } }]),
  ];
}

/** What the proxy's container mounts. */
export const proxyMounts: readonly VolumeMount[] = [
  { name: 'proxy-config', mountPath: proxyDirectories.config, readOnly: true },
  { name: 'proxy-access', mountPath: proxyDirectories.access, readOnly: true },
  { name: 'proxy-tls', mountPath: proxyDirectories.tls, readOnly: true },
  { name: 'proxy-run', mountPath: proxyDirectories.run },
];

/** What the agent's container mounts: all but the configuration, which HAProxy reads only at its start. */
export const agentMounts: readonly VolumeMount[] = proxyMounts.filter(({ name }) => name !== 'proxy-config');
