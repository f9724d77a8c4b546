import type { JsonObject } from '../../druid/druid-api.ts';
import { textAt } from '../json-object.ts';
import { unsafeConsumerProperties } from './consumer-properties.ts';
import { unsafeInputs, unsafeTables } from './input-sources.ts';
import type { SafetyRules } from './safety-rules.ts';

/** Every part of a spec, as it is written, that tenants may not send to Druid; empty when it may go. */
export function unsafeParts(spec: JsonObject, rules: SafetyRules): readonly string[] {
  const query = textAt(spec, 'query') ?? textAt(spec, 'spec', 'query') ?? '';
  return [...unsafeConsumerProperties(spec, rules), ...unsafeInputs(spec, rules), ...unsafeTables(query, rules)];
}
