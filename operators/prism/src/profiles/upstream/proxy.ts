import type { ComponentProfile, ServedPort } from '../component-profile.ts';
import { nobody } from './identity.ts';

/**
 * prism-proxy as it is: no flag, no variable and no file is read, and the port is fixed.
 *
 * - It answers no gRPC health check, so its port is asked. That goes for liveness too: where the port is taken, it stays up without
 *   listening.
 * - It drains on SIGINT and does not hear SIGTERM as the first process of its container: deleting a pod would take the whole grace
 *   period. With shared processes it drains where the image says `STOPSIGNAL SIGINT`, and ends at once, without draining, where
 *   the image says nothing. `lifecycle.stopSignal` is no way: API servers drop it unless a feature gate is on.
 * - Draining ends after 30 seconds; the grace period leaves room for it.
 */
export const proxy: ComponentProfile & { readonly serves: ServedPort } = {
  image: 'prism-proxy:latest',
  imagePullPolicy: 'IfNotPresent',
  serves: { name: 'grpc', port: 8980, servicePort: 8980, appProtocol: 'grpc' },
  readinessProbe: { tcpSocket: { port: 'grpc' }, periodSeconds: 2 },
  livenessProbe: { tcpSocket: { port: 'grpc' }, periodSeconds: 10 },
  runAs: nobody,
  stop: { graceSeconds: 45, sharesProcesses: true },
};
