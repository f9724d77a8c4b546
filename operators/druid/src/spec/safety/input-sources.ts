import type { JsonObject } from '../../druid/druid-api.ts';
import { isJsonObject, placeText, textAt, valuesIn } from '../json-object.ts';
import type { SafetyRules } from './safety-rules.ts';

/** Input sources by which a tenant has Druid call a host of its choice from inside. */
const calling: readonly string[] = ['http', 'sql', 'hdfs'];

/** Input sources and scripts in a spec that tenants may not use, with where they are. */
export function unsafeInputs(spec: JsonObject, rules: SafetyRules): readonly string[] {
  return [...valuesIn(spec)].flatMap(([path, value]) => {
    if (!isJsonObject(value)) return [];
    return [
      ...inputProblems(placeText(path), isInput(path), value, rules),
      ...scriptProblems(placeText(path), value, rules),
    ];
  });
}

/** Below `inputSource`, `firehose`, and lists of delegates of those. */
function isInput(path: readonly (string | number)[]): boolean {
  return path.includes('inputSource') || path.includes('firehose');
}

function inputProblems(
  place: string,
  isInputSource: boolean,
  value: JsonObject,
  rules: SafetyRules,
): readonly string[] {
  const type = textAt(value, 'type');
  if (!isInputSource || type === undefined || !calling.includes(type) || rules.allowedInputSources.includes(type))
    return [];
  return [
    `${place} is an input source of type ${type}, which calls other hosts; the operator's flag --allow-input-source ${type} would allow it`,
  ];
}

function scriptProblems(place: string, value: JsonObject, { allowsJavaScript }: SafetyRules): readonly string[] {
  const isScript = textAt(value, 'type') === 'javascript' || textAt(value, 'format') === 'javascript';
  return isScript && !allowsJavaScript
    ? [`${place === '' ? 'the spec' : place} is JavaScript; the operator's flag --allow-javascript would allow it`]
    : [];
}

/** The same for the tables that a statement reads from outside. A statement is text, so what looks like one counts. */
export function unsafeTables(query: string, { allowedInputSources, allowsJavaScript }: SafetyRules): readonly string[] {
  const denied = [
    ...calling.filter((type) => !allowedInputSources.includes(type)),
    ...(allowsJavaScript ? [] : ['javascript']),
  ];
  return denied.flatMap((type) => {
    const asFunction = new RegExp(`\\bTABLE\\s*\\(\\s*${type}\\s*\\(`, 'i');
    const asObject = new RegExp(`\\\\?"type\\\\?"\\s*:\\s*\\\\?"${type}\\\\?"`, 'i');
    return asFunction.test(query) || asObject.test(query)
      ? [`the statement reads from outside by ${type}, which the operator does not allow`]
      : [];
  });
}
