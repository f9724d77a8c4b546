import type { Container, Probe } from '@capstan/kube';
import { masterSocketFile } from '../proxy/proxy-config.ts';
import { proxyDirectories, usualConnections } from '../proxy/proxy-settings.ts';
import { lingerSeconds } from './linger-container.ts';
import { proxyMounts } from './proxy-volumes.ts';

export interface ProxyContainerOptions {
  readonly image: string;
  /** The port clients connect to. */
  readonly clientPort: number;
  /** The port of `/ready` and `/metrics`. */
  readonly readyPort: number;
  /** The most connections at the same time, which memory is set aside for (`connectionsOf`). */
  readonly connections?: number;
}

/**
 * HAProxy in front of the broker: a sidecar that is there before it and after it.
 *
 * It stays as long after the broker as the linger container of pods without a proxy does, for the same reason, and takes its
 * place. Whether it is ready says whether the broker is: its client port is open in any case.
 */
export function proxyContainer(options: ProxyContainerOptions): Container {
  const { image, clientPort, readyPort, connections = usualConnections } = options;
  return {
    name: 'proxy',
    image,
    imagePullPolicy: 'IfNotPresent',
    restartPolicy: 'Always',
    args: ['-W', '-S', `${proxyDirectories.run}/${masterSocketFile}`, '-f', `${proxyDirectories.config}/haproxy.cfg`],
    env: [{ name: 'POD_IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } }],
    ports: [
      { name: 'broker', containerPort: clientPort },
      { name: 'ready', containerPort: readyPort },
    ],
    ...probes,
    lifecycle: { preStop: { sleep: { seconds: lingerSeconds } } },
    resources: { requests: { cpu: '20m', memory: '48Mi' }, limits: { memory: `${memoryLimitMi(connections)}Mi` } },
    // A proxy that refuses its configuration says where; this puts the line into the pod's status.
    terminationMessagePolicy: 'FallbackToLogsOnError',
    volumeMounts: [...proxyMounts],
  };
}

const open = { tcpSocket: { port: 'ready' } };

const probes: { readonly [each in 'startupProbe' | 'livenessProbe' | 'readinessProbe']: Probe } = {
  startupProbe: { ...open, periodSeconds: 1, failureThreshold: 30, timeoutSeconds: 3 },
  livenessProbe: { ...open, periodSeconds: 10, failureThreshold: 3, timeoutSeconds: 5 },
  readinessProbe: {
    httpGet: { path: '/ready', port: 'ready' },
    periodSeconds: 2,
    failureThreshold: 2,
    timeoutSeconds: 3,
  },
};

/** HAProxy has about 40 MiB, and a connection 45 KiB at rest and twice that at work (measured with 3.2); in steps of 64 MiB. */
function memoryLimitMi(connections: number): number {
  return Math.ceil((64 + (connections * 96) / 1024) / 64) * 64;
}
