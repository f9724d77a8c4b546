import type { JsonObject } from '../../druid/druid-api.ts';
import { unsafeConsumerProperties } from './consumer-properties.ts';
import { environmentReads } from './environment.ts';
import { unsafeInputs } from './input-sources.ts';
import type { SafetyRules } from './safety-rules.ts';
import { unsafeScripts } from './scripts.ts';
import { unsafeStatements } from './statements.ts';

/** Every part of a spec, as it is written, that tenants may not send to Druid; empty when it may go. */
export function unsafeParts(spec: JsonObject, rules: SafetyRules): readonly string[] {
  return [...unsafeConsumerProperties(spec, rules), ...unsafeAnywhere(spec, rules)];
}

/** The same for what is unsafe wherever it comes from, also from a Secret. */
export function unsafeAnywhere(spec: JsonObject, rules: SafetyRules): readonly string[] {
  return [
    ...unsafeInputs(spec, rules),
    ...unsafeScripts(spec, '', rules),
    ...environmentReads(spec),
    ...unsafeStatements(spec, rules),
  ];
}
