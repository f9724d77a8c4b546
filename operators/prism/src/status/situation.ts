import { type Contest, conditionOf, type Failure, type Outcome, type StepWaiting } from '@capstan/runtime';
import type { PrismCluster } from '../api/v1alpha1/prism-cluster.ts';
import type { Refusal } from '../judge/guard.ts';
import { specMustBeValid } from '../judge/spec-must-be-valid.ts';
import { membersOf, type Observed } from '../observe.ts';
import { type ComponentState, componentStates } from './component-state.ts';

/** What one pass found and what came of it. */
export interface Findings {
  readonly observed: Observed;
  readonly refusal?: Refusal;
  readonly children: Outcome['children'];
  readonly failures: readonly Failure[];
  readonly contests: readonly Contest[];
  /** The first step that is not ready. */
  readonly waiting?: StepWaiting;
}

/** All that the conditions are made of. */
export interface Situation extends Findings {
  readonly cluster: PrismCluster;
  /** False where the spec is not even of the right shape; nothing may be read from it then. */
  readonly isReadable: boolean;
  /** Empty where the spec cannot be read. */
  readonly components: readonly ComponentState[];
  /** Members that prism-admin has or is going to have; 0 where the spec cannot be read. */
  readonly members: number;
  /** Backends, prism-admin and proxies were all available together, now or at some time before. */
  readonly initialized: boolean;
  /** Not everything has run together yet. */
  readonly isFirstStart: boolean;
}

/** Puts the findings of a pass beside what the status before remembers. Pure. */
export function situationOf(cluster: PrismCluster, findings: Findings, now: string): Situation {
  const { observed, refusal } = findings;
  const isReadable = specMustBeValid(cluster) === undefined;
  const components = isReadable ? componentStates(cluster, observed, now) : [];
  const core = components.filter(({ part }) => part !== 'pattern');
  const { conditions, phase } = cluster.status ?? {};
  const isFirstStart = phase === undefined || phase === 'Pending';
  const isComplete = refusal === undefined && core.length > 0 && core.every(({ isAvailable }) => isAvailable);
  return {
    ...findings,
    ...{ cluster, isReadable, components, isFirstStart },
    members: isReadable ? membersOf(cluster, observed.bootstrapped) : 0,
    initialized: isComplete || conditionOf(conditions, 'Initialized')?.status === 'True',
  };
}
