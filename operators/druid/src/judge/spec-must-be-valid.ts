import { DruidIngestion } from '../api/v1alpha1/druid-ingestion.ts';
import { mostLevels } from '../spec/nesting.ts';
import { tooDeepIn } from '../spec/shallow-ingestion.ts';
import type { Judged, Refusal } from './guard.ts';

/** A pass asks twice: before it reads what the spec names, and when it judges. */
const judged = new WeakMap<DruidIngestion, Refusal | 'Valid'>();

/** The API server has checked this already, unless the CRD there is an older one or has lost its rules. */
export function specMustBeValid(ingestion: DruidIngestion, _observed: Judged): Refusal | undefined {
  const verdict = judged.get(ingestion) ?? depthVerdict(ingestion) ?? verdictOn(ingestion);
  judged.set(ingestion, verdict);
  return verdict === 'Valid' ? undefined : verdict;
}

/** What follows goes through the spec by calling itself. */
function depthVerdict(ingestion: DruidIngestion): Refusal | undefined {
  const place = tooDeepIn(ingestion);
  if (place === undefined) return undefined;
  const message = `spec.${place} goes on for more than ${mostLevels} levels of objects and lists inside each other, which no spec of Druid needs; write it flatter`;
  return { reason: 'SpecInvalid', message };
}

function verdictOn({ status: _ours, ...asked }: DruidIngestion): Refusal | 'Valid' {
  const violations = DruidIngestion.validate(asked);
  if (violations.length === 0) return 'Valid';
  const sentences = violations.map(({ path, message }) => `${path}: ${message}`);
  return { reason: 'SpecInvalid', message: sentences.join('; ') };
}
