import type { Phase } from '../api/v1alpha1/status.ts';
import type { WantedCondition } from './wanted-condition.ts';

const phaseWhileReconciling: Readonly<Record<string, Phase>> = {
  Pending: 'Pending',
  Starting: 'Creating',
  RollingUpdate: 'Updating',
};

/** Brokers run and something is wrong with the cluster, as opposed to a spec that is not carried out. */
const blockersOfRunningClusters: readonly string[] = ['BrokerUnsupported', 'FieldContested'];

/** The one word that sums the conditions up. */
export function phaseOf(conditions: readonly WantedCondition[]): Phase {
  const of = Object.fromEntries(conditions.map((condition) => [condition.type, condition]));
  if (of['Stalled']?.status === 'True' && !blockersOfRunningClusters.includes(of['Stalled'].reason)) return 'Failed';
  const whileReconciling =
    of['Reconciling']?.status === 'True' ? phaseWhileReconciling[of['Reconciling'].reason] : undefined;
  if (whileReconciling !== undefined) return whileReconciling;
  return of['Ready']?.status === 'True' ? 'Running' : 'Degraded';
}
