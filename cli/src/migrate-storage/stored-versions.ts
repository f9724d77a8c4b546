import type { CustomResourceDefinition, ResourceType } from '@capstan/kube';

/** What a definition says of the versions that its objects are stored in. */
export type StoredVersions =
  /** Every object is stored in the storage version. */
  | { readonly kind: 'UpToDate'; readonly storage: string }
  /** Objects may be stored in `former` versions as well. */
  | {
      readonly kind: 'Pending';
      readonly storage: string;
      readonly former: readonly string[];
      /** The kind in the version its objects are to be read and written in: the storage version where it is served. */
      readonly type: ResourceType;
      /** The kind in another served version; objects of it are always converted as they are stored. */
      readonly other?: ResourceType;
    }
  /** Its objects cannot be rewritten now. */
  | { readonly kind: 'Impossible'; readonly why: string };

/** Reads which versions objects of a kind are stored in, and whether they can be rewritten. Pure. */
export function storedVersionsOf(definition: CustomResourceDefinition): StoredVersions {
  const { spec, status, metadata } = definition;
  const storage = spec.versions.find((version) => version.storage)?.name;
  if (storage === undefined) return impossible('no version of it is the storage version');
  if (metadata.deletionTimestamp !== undefined)
    return impossible('it is being deleted: wait until it is gone, or take its finalizers off');
  const former = (status?.storedVersions ?? []).filter((name) => name !== storage);
  if (former.length === 0) return { kind: 'UpToDate', storage };
  const served = spec.versions.filter((version) => version.served).map(({ name }) => name);
  const version = served.find((name) => name === storage) ?? served[0];
  if (version === undefined) return impossible('no version of it is served: set served: true for one of them');
  const other = served.find((name) => name !== storage);
  return {
    ...{ kind: 'Pending', storage, former, type: kindIn(definition, version) },
    ...(other !== undefined && { other: kindIn(definition, other) }),
  };
}

function impossible(why: string): StoredVersions {
  return { kind: 'Impossible', why };
}

function kindIn({ spec: { group, names, scope } }: CustomResourceDefinition, version: string): ResourceType {
  return { group, version, kind: names.kind, plural: names.plural, namespaced: scope === 'Namespaced' };
}
