import { PrismCluster } from '../api/v1alpha1/prism-cluster.ts';
import type { Refusal } from './guard.ts';

/** A pass asks twice: before it reads what the spec names, and when it judges. */
const judged = new WeakMap<PrismCluster, Refusal | 'Valid'>();

/** The API server has checked this already, unless the CRD there is an older one or has lost its rules. */
export function specMustBeValid(cluster: PrismCluster): Refusal | undefined {
  const verdict = judged.get(cluster) ?? verdictOn(cluster);
  judged.set(cluster, verdict);
  return verdict === 'Valid' ? undefined : verdict;
}

function verdictOn({ status: _ours, ...asked }: PrismCluster): Refusal | 'Valid' {
  const violations = PrismCluster.validate(asked);
  if (violations.length === 0) return 'Valid';
  const sentences = violations.map(({ path, message }) => `${path}: ${message}`);
  return { reason: 'SpecInvalid', message: sentences.join('; ') };
}
