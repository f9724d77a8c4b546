import type { Phase } from '../api/v1alpha1/status.ts';
import type { WantedCondition } from './wanted-condition.ts';

const phaseWhileReconciling: Readonly<Record<string, Phase>> = {
  Pending: 'Pending',
  Starting: 'Creating',
  RollingUpdate: 'Updating',
  ReBootstrapping: 'Updating',
};

/** Brokers run and something is wrong with the cluster, as opposed to a spec that is not carried out. */
const blockersOfRunningClusters: readonly string[] = ['NotEnforced', 'FieldContested', 'RollOutStuck'];

/** The one word that sums the conditions up. */
export function phaseOf(conditions: readonly WantedCondition[]): Phase {
  const of = Object.fromEntries(conditions.map((condition) => [condition.type, condition]));
  const isStalled = of['Stalled']?.status === 'True';
  if (isStalled && !isBlockerOfRunning(of['Stalled']?.reason, of['Initialized']?.status === 'True')) return 'Failed';
  if (of['Stalled']?.reason === 'RollOutStuck') return 'Degraded';
  const whileReconciling =
    of['Reconciling']?.status === 'True' ? phaseWhileReconciling[of['Reconciling'].reason] : undefined;
  if (whileReconciling !== undefined) return whileReconciling;
  return of['Ready']?.status === 'True' ? 'Running' : 'Degraded';
}

/** Brokers that have their certificates keep them, whatever becomes of the Secret; a cluster that has never run has none. */
function isBlockerOfRunning(reason: string | undefined, hasRun: boolean): boolean {
  const isSecret = reason === 'SecretMissing' || reason === 'SecretInvalid';
  return blockersOfRunningClusters.includes(reason ?? '') || (isSecret && hasRun);
}
