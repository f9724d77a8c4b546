import type { JsonObject } from '../../druid/druid-api.ts';
import { referenceKey, referencesIn } from '../secret-references.ts';
import type { SafetyRules } from './safety-rules.ts';
import { unsafeOnceFilled } from './unsafe-once-filled.ts';
import { unsafeParts } from './unsafe-parts.ts';

/**
 * Whether a spec may go to Druid as it is: every reference in it has a value, and it is safe by today's rules, as it is written and
 * with its references put in. Pure.
 */
export function mayBeSent(spec: JsonObject, values: ReadonlyMap<string, string>, rules: SafetyRules): boolean {
  const { references, malformed } = referencesIn(spec);
  const isComplete = malformed.length === 0 && references.every((each) => values.has(referenceKey(each)));
  if (!isComplete || unsafeParts(spec, rules).length > 0) return false;
  return unsafeOnceFilled(spec, values, rules).length === 0;
}
