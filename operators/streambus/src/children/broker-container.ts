import type { Container, Probe } from '@capstan/kube';
import type { StreamBusCluster } from '../api/v1alpha1/stream-bus-cluster.ts';
import { brokerContainerName } from '../brokers/broker-pod.ts';
import { protectionOf } from '../protection.ts';
import { dataDirectory, raftDirectory } from './broker-config.ts';
import { dataClaim, raftClaim } from './claims.ts';

const configDirectory = '/config';

/** The broker itself. The kubelet, not a shell, puts the pod's name into the path of its configuration. */
export function brokerContainer(cluster: StreamBusCluster): Container {
  const { image, config, resources } = cluster.spec;
  const isProxied = protectionOf(cluster.spec).proxy !== undefined;
  return {
    name: brokerContainerName,
    image: `${image.repository}:${image.tag}`,
    imagePullPolicy: image.pullPolicy,
    args: [`--config=${configDirectory}/$(POD_NAME).yaml`],
    env: [{ name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }],
    ports: [
      // Behind a proxy the client port is the proxy's, and so is the question whether the broker serves.
      ...(isProxied ? [] : [{ name: 'broker', containerPort: config.port }]),
      { name: 'raft', containerPort: config.grpcPort },
      { name: 'http', containerPort: config.httpPort },
    ],
    ...(isProxied ? livenessProbes : { ...livenessProbes, readinessProbe }),
    resources,
    // A broker that refuses its configuration says why in one line; this puts that line into the pod's status.
    terminationMessagePolicy: 'FallbackToLogsOnError',
    volumeMounts: [
      { name: dataClaim, mountPath: dataDirectory },
      { name: raftClaim, mountPath: raftDirectory },
      { name: 'config', mountPath: configDirectory, readOnly: true },
    ],
  };
}

const alive = { httpGet: { path: '/health/live', port: 'http' } };

const livenessProbes: { readonly [each in 'startupProbe' | 'livenessProbe']: Probe } = {
  startupProbe: { ...alive, periodSeconds: 2, failureThreshold: 30, timeoutSeconds: 3 },
  livenessProbe: { ...alive, periodSeconds: 10, failureThreshold: 3, timeoutSeconds: 5 },
};

/**
 * The broker's own `/health` always fails and `/health/ready` always succeeds. Its client port opens only once a raft
 * leader exists, so that port is what readiness asks.
 */
const readinessProbe: Probe = {
  tcpSocket: { port: 'broker' },
  periodSeconds: 2,
  failureThreshold: 3,
  timeoutSeconds: 3,
};
