import type { Json } from '../../druid/druid-api.ts';
import { isJsonObject, placeText, textAt, valuesIn } from '../json-object.ts';
import { typedPart } from '../typed-part.ts';
import type { SafetyRules } from './safety-rules.ts';

/**
 * Every script inside a value that tenants may not use, with where it is: Druid would run it.
 *
 * @param start where the value itself is; empty for a whole spec
 */
export function unsafeScripts(value: Json, start: string, { allowsJavaScript }: SafetyRules): readonly string[] {
  if (allowsJavaScript) return [];
  const problems: string[] = [];
  for (const place of valuesIn(value)) {
    if (!isScript(place.value)) continue;
    const where = [start, placeText(place)].filter((part) => part !== '').join('.') || 'the spec';
    problems.push(`${where} is JavaScript; the operator's flag --allow-javascript would allow it`);
  }
  return problems;
}

function isScript(value: Json): boolean {
  return typedPart(value)?.type === 'javascript' || (isJsonObject(value) && textAt(value, 'format') === 'javascript');
}
