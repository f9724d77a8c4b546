import type { AdminProfile, ComponentProfile } from '../component-profile.ts';
import { nobody } from './identity.ts';

/** Any path of this port answers, from when a leader was found. */
const metrics = { name: 'metrics', port: 9090 };

/**
 * What both have in common. Only `serve` starts a server, and only these flags have an effect: `--port`, `--listen` and
 * `--http-port` are read and dropped.
 */
const common = {
  image: 'prism-admin:latest',
  imagePullPolicy: 'IfNotPresent',
  args: [
    'serve',
    '--db=sqlite:///data/admin.db',
    '--data-dir=/data/raft',
    '--grpc-port={port}',
    `--metrics-port=${metrics.port}`,
  ],
  readinessProbe: { httpGet: { path: '/metrics', port: metrics.name }, periodSeconds: 2 },
  // Slow on purpose: a member that finds no leader ends by itself after five seconds, and comes back.
  livenessProbe: {
    httpGet: { path: '/metrics', port: metrics.name },
    initialDelaySeconds: 15,
    periodSeconds: 10,
    failureThreshold: 6,
    timeoutSeconds: 5,
  },
  runAs: nobody,
  stop: {},
} as const satisfies ComponentProfile;

const raftPort = 8990;

/**
 * prism-admin as it is. It is a raft group, of one member too.
 *
 * Followers pass writes on to port 8980 of the leader, whatever port that was told; so members serve there, and the
 * Service has the port that clients know.
 */
export const admin: AdminProfile = {
  raftPort,
  single: {
    ...common,
    serves: { name: 'grpc', port: 8981, servicePort: 8981, appProtocol: 'grpc' },
    otherPorts: [metrics],
  },
  member: {
    ...common,
    serves: { name: 'grpc', port: 8980, servicePort: 8981, appProtocol: 'grpc' },
    otherPorts: [{ name: 'raft', port: raftPort }, metrics],
  },
};
