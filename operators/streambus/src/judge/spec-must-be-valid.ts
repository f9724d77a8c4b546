import { StreamBusCluster } from '../api/v1alpha1/stream-bus-cluster.ts';
import type { Guard, Refusal } from './guard.ts';

/** A pass asks twice: before it reads what the spec names, and when it judges. */
const judged = new WeakMap<StreamBusCluster, Refusal | 'Valid'>();

/** The API server has checked this already, unless the CRD there is an older one or has lost its rules. */
export const specMustBeValid: Guard = (cluster) => {
  const verdict = judged.get(cluster) ?? verdictOn(cluster);
  judged.set(cluster, verdict);
  return verdict === 'Valid' ? undefined : verdict;
};

function verdictOn({ status: _ours, ...asked }: StreamBusCluster): Refusal | 'Valid' {
  const violations = StreamBusCluster.validate(asked);
  if (violations.length === 0) return 'Valid';
  const sentences = violations.map(({ path, message }) => `${path}: ${message}`);
  return { reason: 'SpecInvalid', message: sentences.join('; ') };
}
