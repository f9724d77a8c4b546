import { raftClaim } from '../children/claims.ts';
import { namesOf } from '../children/names.ts';
import type { Guard } from './guard.ts';

/** Raft volumes that a deleted cluster has left hold its membership: brokers of another number would never elect a leader. */
export const raftVolumesMustMatch: Guard = (cluster, { raftVolumes = 0 }) => {
  const { replicas } = cluster.spec;
  if (raftVolumes === 0 || raftVolumes === replicas) return undefined;
  const { statefulSet: name } = namesOf(cluster);
  const claims = `${raftClaim}-${name}-0${raftVolumes === 1 ? '' : ` to ${raftClaim}-${name}-${raftVolumes - 1}`}`;
  const message =
    `spec.replicas is ${replicas}, but a cluster of this name with ${raftVolumes} brokers has left its raft volumes (claims ${claims}), and its ` +
    `membership is in them. Set spec.replicas to ${raftVolumes} to take them up again, or delete these claims, which loses the topics made ` +
    'over HTTP; messages are on other claims and stay';
  return { reason: 'RaftVolumesRemain', message };
};
