import type { Probe } from '@capstan/kube';
import { clientPorts } from './connection.ts';
import { type BackendServer, defaultVolumeSize, type ServerContext } from './server.ts';

const credentialsDirectory = '/etc/minio-credentials';
const dataDirectory = '/data';

/** One MinIO with one drive. */
export function minioServer({ backend }: ServerContext): BackendServer {
  return {
    server: 'minio',
    replicas: backend.replicas,
    // The image names no user, and the server needs none.
    runAs: { uid: 1000, gid: 1000 },
    ports: [
      { name: 'api', port: clientPorts.minio },
      { name: 'console', port: 9001 },
    ],
    container: {
      // Without a directory for certificates it makes one in its home, which is on the read-only root.
      args: ['server', dataDirectory, '--console-address', ':9001', '--certs-dir', '/tmp/certs'],
      env: [
        { name: 'MINIO_ROOT_USER_FILE', value: `${credentialsDirectory}/rootUser` },
        { name: 'MINIO_ROOT_PASSWORD_FILE', value: `${credentialsDirectory}/rootPassword` },
        // Else it asks its makers for a newer version at each start.
        { name: 'MINIO_UPDATE', value: 'off' },
      ],
      ...probes,
    },
    data: { directory: dataDirectory, size: backend.storage ?? defaultVolumeSize },
    scratch: ['/tmp'],
    credentialsDirectory,
    stopSeconds: 60,
    resources: { requests: { cpu: '50m', memory: '256Mi' }, limits: { memory: '1Gi' } },
  };
}

const healthy = (path: string) => ({ httpGet: { path: `/minio/health/${path}`, port: 'api' } });

const probes: { readonly [each in 'startupProbe' | 'readinessProbe' | 'livenessProbe']: Probe } = {
  startupProbe: { ...healthy('live'), periodSeconds: 2, failureThreshold: 60, timeoutSeconds: 5 },
  readinessProbe: { ...healthy('ready'), periodSeconds: 5, failureThreshold: 3, timeoutSeconds: 5 },
  livenessProbe: { ...healthy('live'), periodSeconds: 10, failureThreshold: 6, timeoutSeconds: 5 },
};
