import { InvalidChildError } from '@capstan/resources';
import type { PrismCluster } from '../api/v1alpha1/prism-cluster.ts';
import type { PatternReason } from '../api/v1beta1/conditions.ts';
import { PrismPattern } from '../api/v1beta1/prism-pattern.ts';
import { enabledBackends } from '../backends/backend-kind.ts';
import { connectionOf } from '../backends/connection.ts';
import type { AnyPattern } from '../children/from-resource.ts';
import { type PatternChildren, patternChildren } from '../children/pattern.ts';
import { deepestConfig, isDeep } from '../judge/config-must-not-be-deep.ts';
import type { Judged } from '../judge/guard.ts';
import { typesMustNotTakeVolumes } from '../judge/types-must-not-take-volumes.ts';
import { volumesMustNotShrink } from '../judge/volumes-must-not-shrink.ts';
import { asClusterPattern } from './as-cluster-pattern.ts';
import { isKnownBackend, knownBackends } from './known-backends.ts';
import { plainSecrets } from './plain-secrets.ts';
import { podProblem } from './pod-problem.ts';
import { authenticationProblem } from './scaling/authentication-problem.ts';
import { scalingProblem } from './scaling/scaling-problem.ts';

/** Patterns that a cluster can have, whether in its spec or as resources. */
const mostPatterns = 50;

/**
 * Whether a cluster can have one more pattern.
 * @param accepted how many it has as resources
 */
export function hasPlace({ spec }: PrismCluster, accepted: number): boolean {
  return spec.patterns.length + accepted < mostPatterns;
}

/** Whether a pattern is carried out. */
export type Verdict =
  | {
      readonly kind: 'Accepted';
      /** As it is asked for, with defaults. */
      readonly asked: PrismPattern;
      /** As its cluster has it. */
      readonly pattern: AnyPattern;
    }
  | Refused;

/** Why a pattern is not carried out. */
export interface Refused {
  readonly kind: 'Refused';
  readonly reason: Extract<
    PatternReason,
    'SpecInvalid' | 'NameUnusable' | 'NameConflict' | 'SecretInPlain' | 'ClusterFull'
  >;
  /** Says what is wrong, where, and what to do; a clause without a full stop. */
  readonly message: string;
}

/** What a pattern is judged by besides its cluster. */
export interface Surroundings {
  /** How many older ones that belong to the cluster are accepted; more only where all of them have a place. */
  readonly place: number;
  /** What there is of a workload. */
  readonly live: Judged['live'];
}

/**
 * Judges one pattern before it becomes part of its cluster, so that one that is wrong can do no harm to it. Both controllers ask:
 * that of clusters to know whom to take in, that of patterns to say why not. Pure.
 */
export function verdictOn(resource: PrismPattern, cluster: PrismCluster, surroundings: Surroundings): Verdict {
  // First, for it is cheap: there may be any number of them.
  const unreadable = full(cluster, surroundings) ?? tooDeep(resource) ?? invalid(resource);
  if (unreadable !== undefined) return unreadable;
  // A CRD that was replaced by hand may have lost the defaults; what is below relies on them.
  const asked = PrismPattern.withDefaults(resource);
  return judged(asked, cluster) ?? takenIn(asked, cluster, surroundings);
}

function judged(pattern: PrismPattern, cluster: PrismCluster): Refused | undefined {
  return (
    unusableName(pattern) ??
    conflict(pattern, cluster) ??
    unknownBackend(pattern) ??
    podProblemOf(pattern) ??
    inPlain(pattern) ??
    notScalable(pattern)
  );
}

function takenIn(asked: PrismPattern, cluster: PrismCluster, surroundings: Surroundings): Verdict {
  const pattern = asClusterPattern(asked, cluster);
  return impossible(pattern, cluster, surroundings) ?? { kind: 'Accepted', asked, pattern };
}

/** A pattern that is not carried out; the message is a clause without a full stop. */
export function refusal(reason: Refused['reason'], message: string): Refused {
  return { kind: 'Refused', reason, message };
}

/** Before anything walks through it. A CRD that was replaced by hand may let anything through. */
function tooDeep({ spec }: PrismPattern): Refused | undefined {
  if (!isDeep(spec ?? null)) return undefined;
  return refusal(
    'SpecInvalid',
    `spec.config: must not have more than ${deepestConfig} levels of objects and lists: make it flatter`,
  );
}

/** The API server has checked this already, unless it was written in another version, or the CRD has lost its rules. */
function invalid({ status: _ours, ...asked }: PrismPattern): Refused | undefined {
  const violations = PrismPattern.validate(asked);
  if (violations.length === 0) return undefined;
  return refusal('SpecInvalid', violations.map(({ path, message }) => `${path}: ${message}`).join('; '));
}

function unusableName({ metadata: { name } }: PrismPattern): Refused | undefined {
  if (/^[a-z]([-a-z0-9]{0,38}[a-z0-9])?$/.test(name)) return undefined;
  return refusal(
    'NameUnusable',
    'metadata.name: must start with a letter and have 40 lower-case letters, digits and dashes at most, for names of its objects are made of it: make the pattern anew under such a name',
  );
}

function conflict({ metadata: { name } }: PrismPattern, { metadata, spec }: PrismCluster): Refused | undefined {
  if (!spec.patterns.some((each) => each.name === name)) return undefined;
  return refusal(
    'NameConflict',
    `metadata.name: ${name} is the name of a pattern in spec.patterns of PrismCluster ${metadata.name}: take it out there, or make this one under another name`,
  );
}

function full(cluster: PrismCluster, { place }: Surroundings): Refused | undefined {
  if (hasPlace(cluster, place)) return undefined;
  const { metadata } = cluster;
  return refusal(
    'ClusterFull',
    `PrismCluster ${metadata.name} has ${mostPatterns} patterns already, which are all that it can have: delete others, or name another cluster in spec.cluster`,
  );
}

function unknownBackend({ spec }: PrismPattern): Refused | undefined {
  const unknown = spec.backends.find(({ name }) => !isKnownBackend(name));
  if (unknown === undefined) return undefined;
  return refusal('SpecInvalid', `spec.backends[${unknown.name}].name: must be one of ${knownBackends.join(', ')}`);
}

function podProblemOf({ spec }: PrismPattern): Refused | undefined {
  const problem = podProblem(spec);
  return problem === undefined ? undefined : refusal('SpecInvalid', problem);
}

function inPlain({ spec }: PrismPattern): Refused | undefined {
  const fields = plainSecrets(spec);
  if (fields.length === 0) return undefined;
  return refusal(
    'SecretInPlain',
    `${fields.join(', ')}: must not hold what is secret: put it into a Secret, and name that in a TriggerAuthentication and authenticationRef`,
  );
}

function notScalable({ spec }: PrismPattern): Refused | undefined {
  const problem = scalingProblem(spec) ?? authenticationProblem(spec);
  return problem === undefined ? undefined : refusal('SpecInvalid', problem);
}

/** What a schema cannot tell is found when the objects are made; and what is on volumes is nowhere else. */
function impossible(pattern: AnyPattern, cluster: PrismCluster, { live }: Surroundings): Refused | undefined {
  try {
    const { surroundings, workload } = childrenOf(pattern, cluster);
    const alone = { ...cluster, spec: { ...cluster.spec, patterns: [pattern] } };
    const plan = { steps: [{ name: 'patterns', objects: [...surroundings, workload] }] };
    const by = { live, plan: () => plan };
    const found = typesMustNotTakeVolumes(alone, by) ?? volumesMustNotShrink(alone, by);
    return found && refusal('SpecInvalid', found.message);
  } catch (error) {
    if (!(error instanceof InvalidChildError)) throw error;
    return refusal('SpecInvalid', error.message);
  }
}

/** As they would be, but for credentials, which no name or label is made of. */
function childrenOf(pattern: AnyPattern, cluster: PrismCluster): PatternChildren {
  const connections = enabledBackends(cluster).map((kind) => connectionOf(kind, cluster, {}));
  return patternChildren(cluster, pattern, { connections, hashOf: () => '' });
}
