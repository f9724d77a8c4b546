import type { JsonObject } from '../druid/druid-api.ts';
import { placeText, valuesIn } from './json-object.ts';
import { hasReference, withReferences } from './secret-references.ts';
import { sqlTokens } from './sql-tokens.ts';

/** Fields that Druid names things by, or tells kinds of things by, wherever they stand. */
const naming: readonly unknown[] = ['type', 'dataSource'];

/**
 * Why a spec may not be sent because a name in it comes from a Secret; `undefined` when none does. What Druid calls a supervisor or a
 * data source is seen by everybody, and what kind a part is of has to be known before it is sent.
 */
export function referenceInName(spec: JsonObject): string | undefined {
  for (const place of valuesIn(spec)) {
    const { key, value, depth } = place;
    if (typeof value !== 'string' || !hasReference(value)) continue;
    const isName = naming.includes(key) || (key === 'id' && depth <= 2);
    if (isName) return `${placeText(place)} in the spec refers to a Secret, and names are no secrets: write it out`;
    if (key === 'query' && isTargetOpen(value))
      return `${placeText(place)} in the spec has the table that it writes to from a Secret, and names are no secrets: write it out`;
  }
  return undefined;
}

/** Stands for a reference, whose own characters mean something in SQL. */
const marker = 'reference_to_a_secret';

/** Whether what comes after INTO, up to the word that ends a target, refers to a Secret. */
function isTargetOpen(query: string): boolean {
  let isTarget = false;
  for (const { kind, text } of sqlTokens(withReferences(query, marker))) {
    if (isTarget && text.includes(marker)) return true;
    if (kind === 'Word' && /^INTO$/i.test(text)) isTarget = true;
    else if (/^(SELECT|WITH|VALUES|OVERWRITE|PARTITIONED|\()$/i.test(text)) isTarget = false;
  }
  return false;
}
