import type { JsonObject } from '../../druid/druid-api.ts';
import { referencesIn, withSecrets } from '../secret-references.ts';
import { unsafeLoginModules } from './consumer-properties.ts';
import type { SafetyRules } from './safety-rules.ts';
import { unsafeAnywhere } from './unsafe-parts.ts';

/**
 * Why a spec that is safe as it is written is not sent to Druid with its references put in: a Secret may hold what could not stand in
 * the spec. Nothing of the values is told.
 *
 * @throws {Error} for a reference without a value
 */
export function unsafeOnceFilled(
  spec: JsonObject,
  values: ReadonlyMap<string, string>,
  rules: SafetyRules,
): readonly string[] {
  if (referencesIn(spec).references.length === 0) return unsafeLoginModules(spec);
  const filled = withSecrets(spec, values);
  const isHidden = unsafeAnywhere(filled, rules).length > 0 && unsafeAnywhere(spec, rules).length === 0;
  return [...unsafeLoginModules(filled), ...(isHidden ? [hidden] : [])];
}

const hidden =
  'a value from a Secret has Druid call other hosts, run a script or read its environment; write such parts into the spec itself';
