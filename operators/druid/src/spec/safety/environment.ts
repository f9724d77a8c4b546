import type { Json } from '../../druid/druid-api.ts';
import { placeText, valuesIn } from '../json-object.ts';
import { typedPart } from '../typed-part.ts';

/**
 * Every part of a value that has Druid look up variables of its own environment, with where it is: they hold the passwords of Druid
 * itself. https://druid.apache.org/docs/latest/operations/dynamic-config-provider
 */
export function environmentReads(value: Json): readonly string[] {
  const problems: string[] = [];
  for (const place of valuesIn(value)) {
    const part = typedPart(place.value);
    if (part?.type !== 'environment' || !('variable' in part.fields || 'variables' in part.fields)) continue;
    problems.push(`${placeText(place)} reads the environment of Druid itself; write \${secret:name/key} in its place`);
  }
  return problems;
}
