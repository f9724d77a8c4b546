import { DruidIngestion } from '../api/v1alpha1/druid-ingestion.ts';
import type { JsonObject } from '../druid/druid-api.ts';
import { textAt } from '../spec/json-object.ts';
import { type Owner, ownerOf } from '../spec/owner-mark.ts';

/**
 * On a resource, `"true"`: a supervisor of its id and lookups of its names that somebody else made are taken over. The UID of
 * another resource: also a supervisor that is marked as that one's, although it still exists.
 */
export const adoptAnnotation = `${DruidIngestion.group}/adopt`;

/** Whether a resource is to take over what somebody else made. */
export function adopts({ metadata }: DruidIngestion): boolean {
  return metadata.annotations?.[adoptAnnotation] === 'true';
}

/** Whom what this resource makes in Druid belongs to. */
export function ownerFor({ metadata: { uid = '', namespace = '', name } }: DruidIngestion): Owner {
  return { uid, resource: `${namespace}/${name}` };
}

/** Whose a supervisor is, and by what that is known. */
export interface Claimant {
  readonly ingestion: DruidIngestion;
  /** Whether a resource with this UID exists, as far as the cache knows. */
  readonly isThere: (uid: string) => boolean;
}

/** `Ours` by its mark. `Unmarked`: nobody's. `Orphaned`: of a resource that has gone. `Theirs`: of another one that exists. */
export type Belonging = 'Ours' | 'Unmarked' | 'Orphaned' | 'Theirs';

/** Whose a supervisor is that Druid shows. That of a resource which had this name and has gone is ours: it was restored, or made anew. */
export function belongingOf(shown: JsonObject, { ingestion, isThere }: Claimant): Belonging {
  const owner = ownerOf(shown, textAt(shown, 'type') ?? '');
  if (owner === undefined) return 'Unmarked';
  const { uid, resource } = ownerFor(ingestion);
  if (owner.uid === uid) return 'Ours';
  if (isThere(owner.uid)) return 'Theirs';
  return owner.resource === resource ? 'Ours' : 'Orphaned';
}

/** How a resource stands to a supervisor. */
export interface Standing {
  /** The status says that it is this resource's, perhaps since the first Druid operator, which left no mark. */
  readonly isKnown: boolean;
  /**
   * What the annotation may adopt. `All`, also what belongs to a resource that exists: only while this one has not had the
   * supervisor yet, so that whom it went to since keeps it.
   */
  readonly adoption: 'All' | 'Orphans' | 'Nothing';
}

/** Why a supervisor in Druid may not be touched, or `undefined` when it may. */
export function foreignness(
  id: string,
  shown: JsonObject,
  claimant: Claimant,
  { isKnown, adoption }: Standing,
): string | undefined {
  const belonging = belongingOf(shown, claimant);
  if (belonging === 'Ours' || (belonging === 'Unmarked' && isKnown)) return undefined;
  const uid = ownerOf(shown, textAt(shown, 'type') ?? '')?.uid;
  const isOpen = adoption === 'All' || (adoption === 'Orphans' && belonging !== 'Theirs');
  const value = belonging === 'Theirs' ? uid : 'true';
  const { metadata } = claimant.ingestion;
  const asked = metadata.annotations?.[adoptAnnotation];
  if (isOpen && asked !== undefined && (asked === value || asked === uid)) return undefined;
  const whose = belonging === 'Unmarked' ? 'was made by somebody else' : 'is that of another DruidIngestion';
  const way = isOpen
    ? `put the annotation ${adoptAnnotation}=${value} on this resource to take it over`
    : 'delete the resource that has it by now';
  return `Druid has a supervisor ${id} that ${whose}. Give the spec another data source, or ${way}`;
}
