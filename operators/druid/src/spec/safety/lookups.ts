import type { JsonObject } from '../../druid/druid-api.ts';
import { placeText, textAt, valuesIn } from '../json-object.ts';
import { hasReference } from '../secret-references.ts';
import { typedPart } from '../typed-part.ts';
import { unsafeConsumerProperties } from './consumer-properties.ts';
import { environmentReads } from './environment.ts';
import type { SafetyRules } from './safety-rules.ts';
import { unsafeScripts } from './scripts.ts';

/** Types that hold their entries themselves: Druid calls nobody for them, and what is in them is data. */
const selfContained: readonly string[] = ['map', 'staticMap'];

/** Why a lookup, as it is written, is not sent to Druid; nothing of its values. Types that are not known are not safe. */
export function unsafeLookup(factory: JsonObject, rules: SafetyRules): readonly string[] {
  const outer = textAt(factory, 'type');
  if (outer === undefined) return ['it has no type, which Druid needs; write {"type": "map", "map": ...}'];
  const type = typeOf(outer, factory);
  if (selfContained.includes(type)) return [];
  const isAllowed = rules.allowedLookups.some((allowed) => allowed === type || allowed === outer);
  if (!isAllowed)
    return [
      `it is of type ${type}, which may have Druid call other hosts; the operator's flag --allow-lookup ${type} would allow it`,
    ];
  return [
    ...unsafeScripts(factory, 'lookupExtractorFactory', rules),
    ...unsafeConsumerProperties(factory, rules),
    ...environmentReads(factory),
    ...openPasswords(factory),
  ];
}

/** A namespace is kept by any process that loads it; where it comes from is said inside. */
function typeOf(outer: string, factory: JsonObject): string {
  if (outer !== 'cachedNamespace') return outer;
  return typedPart(factory['extractionNamespace'] ?? null)?.type ?? outer;
}

function openPasswords(factory: JsonObject): readonly string[] {
  const problems: string[] = [];
  for (const place of valuesIn(factory)) {
    const { key, value } = place;
    if (key === 'password' && typeof value === 'string' && value !== '' && !hasReference(value))
      problems.push(`${placeText(place)} must come from a Secret: write \${secret:name/key}`);
  }
  return problems;
}
