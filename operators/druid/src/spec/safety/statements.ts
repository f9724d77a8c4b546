import type { JsonObject } from '../../druid/druid-api.ts';
import { valuesIn } from '../json-object.ts';
import type { SafetyRules } from './safety-rules.ts';
import { StatementJudge } from './statement-judge.ts';

/** What the statements in a spec read from outside that tenants may not, each once. */
export function unsafeStatements(spec: JsonObject, rules: SafetyRules): readonly string[] {
  const problems = new Set<string>();
  for (const { key, value } of valuesIn(spec)) {
    if (key !== 'query' || typeof value !== 'string') continue;
    for (const problem of new StatementJudge(value, rules).problems) problems.add(problem);
  }
  return [...problems];
}
