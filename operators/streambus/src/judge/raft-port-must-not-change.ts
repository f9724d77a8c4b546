import type { StatefulSet } from '@capstan/kube';
import type { Guard } from './guard.ts';

/** Brokers roll one at a time, and each new one must reach those that have not been restarted yet. */
export const raftPortMustNotChange: Guard = ({ spec: { replicas, config } }, { statefulSet }) => {
  const running = statefulSet && raftPort(statefulSet);
  if (replicas === 1 || running === undefined || running === config.grpcPort) return undefined;
  const message =
    `spec.config.grpcPort is ${config.grpcPort}, but the brokers talk raft on ${running}: a broker restarted with another port ` +
    `could not reach the rest, and the roll-out would never end. Set it back to ${running}`;
  return { reason: 'RaftPortChangeRefused', message };
};

function raftPort({ spec }: StatefulSet): number | undefined {
  const ports = spec?.template.spec?.containers.flatMap(({ ports = [] }) => ports);
  return ports?.find(({ name }) => name === 'raft')?.containerPort;
}
