import { secret } from '@capstan/resources';
import type { Desired, StepObject } from '@capstan/runtime';
import {
  autoscaledAnnotation,
  configHashAnnotation,
  patternGenerationAnnotation,
  restartedForAnnotation,
} from '../annotations.ts';
import type { PrismCluster, PrismPattern } from '../api/v1alpha1/prism-cluster.ts';
import type { Connection } from '../backends/connection.ts';
import { childMetadata } from '../labels.ts';
import { patternConfigName, runnerName } from '../names.ts';
import { environmentOf, secretVariables, variablesOf } from '../patterns/environment.ts';
import { runnerConfig } from '../patterns/runner-config.ts';
import { usedConnections } from '../patterns/used-connections.ts';
import { addressesOf } from '../profiles/addresses.ts';
import type { RunnerProfile } from '../profiles/component-profile.ts';
import { profileOf, runnerProfile } from '../profiles/profiles.ts';
import type { AnyPattern } from './from-resource.ts';
import { patternPod } from './pattern-pod.ts';
import { patternService, patternVolumeClaim, patternWorkload } from './pattern-workload.ts';
import { type UsedBackends, usedBackendsAnnotations } from './used-backends.ts';

export interface PatternOptions {
  /** Those of the cluster; a pattern gets to know of the ones it names. */
  readonly connections: readonly Connection[];
  /** A hash that says nothing of what it was made from, as `secretHash` of a key of this installation. */
  readonly hashOf: (secrets: Readonly<Record<string, string>>) => string;
  /** Pods that were started for another one, or for none, are restarted. */
  readonly restartToken?: string;
  /** Written on its workload. */
  readonly uses?: UsedBackends;
}

/** What a pattern consists of. */
export interface PatternChildren {
  /**
   * What pods find when they start. To be there before the workload changes: a pod that started between the two would
   * have read the former configuration and never be restarted for the new one.
   */
  readonly surroundings: readonly StepObject[];
  readonly workload: StepObject;
}

/** The objects of one pattern. */
export function patternChildren(
  cluster: PrismCluster,
  pattern: AnyPattern,
  { connections, hashOf, restartToken, uses }: PatternOptions,
): PatternChildren {
  const profile = runnerProfile(pattern, profileOf(cluster));
  const used = usedConnections(pattern, connections);
  const variables = variablesOf(used, addressesOf(cluster));
  const secrets = { ...filesOf(pattern, profile, used), ...secretVariables(variables) };
  const hash = Object.keys(secrets).length > 0 ? { [configHashAnnotation]: hashOf(secrets) } : undefined;
  const pod = patternPod(cluster, pattern, {
    profile,
    env: environmentOf(variables, patternConfigName(cluster, pattern.name)),
    annotations: {
      ...hash,
      ...(restartToken !== undefined && { [restartedForAnnotation]: restartToken }),
    },
  });
  return {
    surroundings: surroundingsOf(cluster, pattern, profile, hash && patternSecret(cluster, pattern, secrets, hash)),
    workload: patternWorkload(cluster, pattern, {
      pod,
      annotations: {
        ...(uses !== undefined && usedBackendsAnnotations(uses)),
        ...(pattern.isAutoscaled === true && { [autoscaledAnnotation]: 'true' }),
        ...(pattern.generation !== undefined && { [patternGenerationAnnotation]: `${pattern.generation}` }),
      },
    }),
  };
}

function filesOf(
  pattern: PrismPattern,
  { configuration }: RunnerProfile,
  used: ReturnType<typeof usedConnections>,
): Readonly<Record<string, string>> {
  if (configuration === undefined) return {};
  const { file, text } = runnerConfig(configuration, pattern, used);
  return { [file]: text };
}

function surroundingsOf(
  cluster: PrismCluster,
  pattern: PrismPattern,
  profile: RunnerProfile,
  configuration: Desired | undefined,
): readonly StepObject[] {
  const claim = patternVolumeClaim(cluster, pattern);
  const address = patternService(cluster, pattern, profile);
  return [configuration, claim, address].filter((each) => each !== undefined);
}

/** The configuration file, and the variables that hold credentials. The hash tells which pods it is for. */
function patternSecret(
  cluster: PrismCluster,
  { name }: PrismPattern,
  stringData: Readonly<Record<string, string>>,
  annotations: Readonly<Record<string, string>>,
): Desired {
  const metadata = childMetadata(cluster, patternConfigName(cluster, name), runnerName(name), 'pattern');
  return secret({ ...metadata, annotations }, { stringData });
}
