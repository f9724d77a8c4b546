import { DruidIngestion } from '../api/v1alpha1/druid-ingestion.ts';
import type { Judged, Refusal } from './guard.ts';

/** A pass asks twice: before it reads what the spec names, and when it judges. */
const judged = new WeakMap<DruidIngestion, Refusal | 'Valid'>();

/** The API server has checked this already, unless the CRD there is an older one or has lost its rules. */
export function specMustBeValid(ingestion: DruidIngestion, _observed: Judged): Refusal | undefined {
  const verdict = judged.get(ingestion) ?? verdictOn(ingestion);
  judged.set(ingestion, verdict);
  return verdict === 'Valid' ? undefined : verdict;
}

function verdictOn({ status: _ours, ...asked }: DruidIngestion): Refusal | 'Valid' {
  const violations = DruidIngestion.validate(asked);
  if (violations.length === 0) return 'Valid';
  const sentences = violations.map(({ path, message }) => `${path}: ${message}`);
  return { reason: 'SpecInvalid', message: sentences.join('; ') };
}
