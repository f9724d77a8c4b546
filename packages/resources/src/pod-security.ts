import type { PodSecurityContext, SecurityContext } from '@capstan/kube';

/** A numeric user and group of a container image; never 0, which is root. */
export interface PodIdentity {
  readonly uid: number;
  readonly gid: number;
}

/**
 * A pod that the `restricted` Pod Security Standard admits, with volumes its group may write.
 *
 * Volumes are handed to the group once, not at every start: walking a large volume takes minutes.
 * See https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted.
 */
export function restrictedPod({ uid, gid }: PodIdentity): PodSecurityContext {
  return {
    runAsNonRoot: true,
    runAsUser: uid,
    runAsGroup: gid,
    fsGroup: gid,
    fsGroupChangePolicy: 'OnRootMismatch',
    seccompProfile: { type: 'RuntimeDefault' },
  };
}

/** The container half of {@link restrictedPod}, with a root file system that nobody writes to. */
export const restrictedContainer: SecurityContext = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ['ALL'] },
};
