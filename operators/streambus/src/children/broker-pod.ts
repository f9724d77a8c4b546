import type { Container } from '@capstan/kube';
import { configHash, type PodOptions } from '@capstan/resources';
import type { StreamBusCluster } from '../api/v1alpha1/stream-bus-cluster.ts';
import { protectionOf } from '../protection.ts';
import { renderProxyConfig } from '../proxy/proxy-config.ts';
import { connectionsOf } from '../proxy/proxy-settings.ts';
import { defaultHaproxyImage } from '../proxy/version-features.ts';
import type { Shape } from '../shape.ts';
import { agentContainer } from './agent-container.ts';
import { brokerStartFiles } from './broker-config.ts';
import { brokerContainer } from './broker-container.ts';
import { lingerContainer, lingerSeconds } from './linger-container.ts';
import { namesOf } from './names.ts';
import { affinityOf, topologySpreadOf } from './placement.ts';
import { proxyContainer } from './proxy-container.ts';
import { proxyOf } from './proxy-of.ts';
import { proxyVolumes } from './proxy-volumes.ts';

/** What the operator, not the resource, decides about the pods. */
export interface BrokerPodOptions {
  /** An image whose process waits and ends on SIGTERM, such as Kubernetes' own pause image. */
  readonly lingerImage: string;
  /** The operator's own image, which has the agent that keeps a proxy's certificates and limits fresh. */
  readonly agentImage: string;
}

/** Changes with the configuration that broker and proxy read at start, and so rolls them; nothing else is in it. */
const configHashAnnotation = 'streambus.io/config-hash';

/** The user and group of the broker's image. */
const brokerIdentity = { uid: 1000, gid: 1000 };

/** How long a broker itself may take to stop; it was seen to take under two seconds. */
const stopSeconds = 30;

/** The pod of one broker. Labels and annotations of the user never replace those of the operator. */
export function brokerPod(cluster: StreamBusCluster, { members }: Shape, options: BrokerPodOptions): PodOptions {
  const { image, nodeSelector, tolerations, podLabels, podAnnotations } = cluster.spec;
  const topologySpreadConstraints = topologySpreadOf(cluster);
  return {
    ...(podLabels !== undefined && { labels: podLabels }),
    annotations: { ...podAnnotations, [configHashAnnotation]: configHash(startFiles(cluster, members)) },
    runAs: brokerIdentity,
    terminationGracePeriodSeconds: stopSeconds + lingerSeconds,
    // A half-closed connection of a broker that has gone answers keepalive probes for this long and keeps its peer waiting.
    securityContext: { sysctls: [{ name: 'net.ipv4.tcp_fin_timeout', value: '1' }] },
    ...(image.pullSecrets !== undefined && { imagePullSecrets: image.pullSecrets.map((name) => ({ name })) }),
    affinity: affinityOf(cluster),
    ...(nodeSelector !== undefined && { nodeSelector }),
    ...(tolerations !== undefined && { tolerations }),
    ...(topologySpreadConstraints !== undefined && { topologySpreadConstraints }),
    initContainers: sidecars(cluster, options),
    containers: [brokerContainer(cluster)],
    volumes: [{ name: 'config', configMap: { name: namesOf(cluster).brokerConfig } }, ...volumesOfProxy(cluster)],
  };
}

/** The files that are read at start only. Names and limits are not among them: the agent takes them to a running proxy. */
function startFiles(cluster: StreamBusCluster, members: number): Readonly<Record<string, string>> {
  const proxy = proxyOf(cluster);
  return {
    ...brokerStartFiles(cluster, members),
    ...(proxy !== undefined && { 'haproxy.cfg': renderProxyConfig(proxy) }),
  };
}

/** The proxy outlives the broker as the linger container does, so there is one or the other. */
function sidecars(cluster: StreamBusCluster, { lingerImage, agentImage }: BrokerPodOptions): readonly Container[] {
  const proxy = proxyOf(cluster);
  if (proxy === undefined) return [lingerContainer(lingerImage)];
  const { clientPort, readyPort } = proxy;
  const image = cluster.spec.security?.proxy.image ?? defaultHaproxyImage;
  return [
    proxyContainer({ image, clientPort, readyPort, connections: connectionsOf(proxy) }),
    agentContainer(agentImage),
  ];
}

function volumesOfProxy(cluster: StreamBusCluster) {
  const { proxy } = protectionOf(cluster.spec);
  if (proxy === undefined) return [];
  const { proxyConfig, access } = namesOf(cluster);
  const { certSecret, caSecret } = proxy;
  return proxyVolumes({
    ...{ configMap: proxyConfig, accessConfigMap: access, certificateSecret: certSecret },
    ...(caSecret !== undefined && { authoritiesSecret: caSecret }),
  });
}
