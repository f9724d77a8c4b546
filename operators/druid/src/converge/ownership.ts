import { DruidIngestion } from '../api/v1alpha1/druid-ingestion.ts';
import type { JsonObject } from '../druid/druid-api.ts';
import { textAt } from '../spec/json-object.ts';
import { ownerOf } from '../spec/owner-mark.ts';

/** On a resource, `"true"`: a supervisor of its id that somebody else made is taken over. */
export const adoptAnnotation = `${DruidIngestion.group}/adopt`;

/**
 * Why a supervisor in Druid may not be touched, or `undefined` when it may: it carries the mark of this resource, or nobody's
 * mark although the status knows it, or the resource says that it is to be adopted.
 *
 * @param knownIds ids that the status says are this resource's, also those of the first Druid operator
 */
export function foreignness(
  { metadata }: DruidIngestion,
  id: string,
  shown: JsonObject,
  knownIds: readonly (string | undefined)[],
): string | undefined {
  const owner = ownerOf(shown, textAt(shown, 'type') ?? '');
  if (owner === metadata.uid || metadata.annotations?.[adoptAnnotation] === 'true') return undefined;
  if (owner === undefined && knownIds.includes(id)) return undefined;
  const whose = owner === undefined ? 'was made by somebody else' : 'is that of another DruidIngestion';
  return `Druid has a supervisor ${id} that ${whose}. Give the spec another data source, or put the annotation ${adoptAnnotation}=true on this resource to take it over`;
}
