import type { PodOptions } from '@capstan/resources';
import type { StreamBusCluster } from '../api/v1alpha1/stream-bus-cluster.ts';
import { brokerConfigHash } from './broker-config.ts';
import { brokerContainer } from './broker-container.ts';
import { lingerContainer, lingerSeconds } from './linger-container.ts';
import { namesOf } from './names.ts';
import { affinityOf } from './placement.ts';

/** What the operator, not the resource, decides about the pods. */
export interface BrokerPodOptions {
  /** An image whose process waits and ends on SIGTERM, such as Kubernetes' own pause image. */
  readonly lingerImage: string;
}

/** Changes with the configuration that the brokers read at start, and so rolls them; nothing else is in it. */
const configHashAnnotation = 'streambus.io/config-hash';

/** The user and group of the broker's image. */
const brokerIdentity = { uid: 1000, gid: 1000 };

/** How long a broker itself may take to stop; it was seen to take under two seconds. */
const stopSeconds = 30;

/** The pod of one broker. Labels and annotations of the user never replace those of the operator. */
export function brokerPod(cluster: StreamBusCluster, { lingerImage }: BrokerPodOptions): PodOptions {
  const { image, nodeSelector, tolerations, podLabels, podAnnotations } = cluster.spec;
  return {
    ...(podLabels !== undefined && { labels: podLabels }),
    annotations: { ...podAnnotations, [configHashAnnotation]: brokerConfigHash(cluster) },
    runAs: brokerIdentity,
    terminationGracePeriodSeconds: stopSeconds + lingerSeconds,
    // A half-closed connection of a broker that has gone answers keepalive probes for this long and keeps its peer waiting.
    securityContext: { sysctls: [{ name: 'net.ipv4.tcp_fin_timeout', value: '1' }] },
    ...(image.pullSecrets !== undefined && { imagePullSecrets: image.pullSecrets.map((name) => ({ name })) }),
    affinity: affinityOf(cluster),
    ...(nodeSelector !== undefined && { nodeSelector }),
    ...(tolerations !== undefined && { tolerations }),
    initContainers: [lingerContainer(lingerImage)],
    containers: [brokerContainer(cluster)],
    volumes: [{ name: 'config', configMap: { name: namesOf(cluster).brokerConfig } }],
  };
}
