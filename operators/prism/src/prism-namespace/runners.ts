import { conditionOf } from '@capstan/runtime';
import type { PrismCluster } from '../api/v1alpha1/prism-cluster.ts';
import type { PrismNamespace } from '../api/v1alpha2/prism-namespace.ts';
import type { PrismPattern } from '../api/v1beta1/prism-pattern.ts';
import { dedicatedPatterns } from './children/dedicated-patterns.ts';

/** How one of the PrismPatterns that were made for a namespace is, as it says itself. */
interface RunnerState {
  readonly name: string;
  readonly is: 'Running' | 'Waiting' | 'Stalled';
  /** What it says; a clause. */
  readonly message: string;
}

/** How the runners are that a namespace is to have for itself alone. */
export function runnerStates(
  namespace: PrismNamespace,
  cluster: PrismCluster,
  patterns: ReadonlyMap<string, PrismPattern>,
): readonly RunnerState[] {
  return dedicatedPatterns(namespace, cluster).map(({ metadata: { name = '' } }) => stateOf(name, patterns.get(name)));
}

function stateOf(name: string, pattern: PrismPattern | undefined): RunnerState {
  const ready = conditionOf(pattern?.status?.conditions, 'Ready');
  if (pattern === undefined || ready === undefined)
    return { name, is: 'Waiting', message: 'it has not been judged yet' };
  const message = ready.message.replace(/\.$/, '');
  if (conditionOf(pattern.status?.conditions, 'Stalled')?.status === 'True') return { name, is: 'Stalled', message };
  const isCurrent = (ready.observedGeneration ?? 0) >= (pattern.metadata.generation ?? 0);
  if (ready.status === 'True' && isCurrent) return { name, is: 'Running', message };
  return { name, is: 'Waiting', message: ready.status === 'True' ? 'its last change is under way' : message };
}
