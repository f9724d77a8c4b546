import type { PrismCluster } from '../api/v1alpha1/prism-cluster.ts';
import { type BackendKind, backendKinds, enabledBackend } from '../backends/backend-kind.ts';
import { supportOf } from '../patterns/runner-support.ts';
import { profileOf } from '../profiles/profiles.ts';
import type { BackendSecrets, UnusableReason } from '../secrets/backend-secrets.ts';
import type { AnyPattern } from './from-resource.ts';

/** Whether a pattern is run. */
export type PatternStanding =
  | { readonly kind: 'Run' }
  /** Its resource cannot be carried out as it is now; what there is of it stays as it is. */
  | { readonly kind: 'Held' }
  /** It is not started, and what there is of it goes; a StatefulSet with volumes stays without pods, for the pattern has not gone. */
  | { readonly kind: 'BackendMissing' | 'Refused'; readonly why: string }
  /** It cannot be rendered now; what there is of it stays as it is. */
  | { readonly kind: 'SecretUnusable'; readonly reason: UnusableReason; readonly why: string };

/** Decides about one pattern; one that cannot be run stops no other. */
export function standingOf(
  cluster: PrismCluster,
  pattern: AnyPattern,
  { findings }: Pick<BackendSecrets, 'findings'>,
): PatternStanding {
  if (pattern.isHeld === true) return { kind: 'Held' };
  if (pattern.isKept === true) return { kind: 'Run' };
  const named = backendKinds.filter((kind) => (pattern.backends as readonly string[]).includes(kind)); // sqlite is none
  const missing = named.filter((kind) => enabledBackend(cluster, kind) === undefined);
  if (missing.length > 0) return { kind: 'BackendMissing', why: missingText(missing) };
  const support = supportOf(pattern, cluster, profileOf(cluster));
  if (support.kind === 'Refused') return { kind: 'Refused', why: support.why };
  const unusable = named.map((kind) => findings.get(kind)).find((finding) => finding?.kind === 'Unusable');
  if (unusable?.kind === 'Unusable') return { kind: 'SecretUnusable', reason: unusable.reason, why: unusable.message };
  return { kind: 'Run' };
}

function missingText(missing: readonly BackendKind[]): string {
  const fields = missing.map((kind) => `spec.backends.${kind}`).join(' and ');
  return `it names ${missing.join(' and ')}, which ${missing.length === 1 ? 'is' : 'are'} not enabled: enable ${fields}, or take it out of its backends`;
}
