import type { Container, PodSecurityContext, SecurityContext } from '@capstan/kube';
import { withoutNulls } from './child.ts';

/** A numeric user and group of a container image; never 0, which is root. */
export interface PodIdentity {
  readonly uid: number;
  readonly gid: number;
}

/** What the `restricted` standard asks of a pod whose image has a numeric user of its own. */
const restrictedDefaults: PodSecurityContext = { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } };

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

/** What is given, on top of what the `restricted` standard asks; a null in it takes nothing away. */
export function podSecurityContext(
  identity: PodIdentity | undefined,
  given: PodSecurityContext | undefined,
): PodSecurityContext {
  const own = identity === undefined ? restrictedDefaults : restrictedPod(identity);
  return { ...own, ...withoutNulls(given) };
}

/** The container with all that the `restricted` standard asks and it does not say itself. */
export function withRestrictedContext(container: Container): Container {
  const given: SecurityContext = withoutNulls(container.securityContext) ?? {};
  const { add } = given.capabilities ?? {};
  const capabilities = { drop: ['ALL'], ...(add !== undefined && { add }) };
  return { ...container, securityContext: { ...restrictedContainer, ...given, capabilities } };
}
