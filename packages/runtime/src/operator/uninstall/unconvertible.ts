import { ApiError, CustomResourceDefinition, type KubeObject } from '@capstan/kube';
import { convertedKinds } from './converted-kinds.ts';
import type { Uninstalling } from './uninstall-options.ts';

/**
 * Kinds of which objects may be stored in a version that nobody converts once the operator is gone: then not one object of the
 * kind can be listed, and neither a namespace with such an object nor the definition can be deleted.
 *
 * @returns a line for each, with what to do first
 */
export async function unconvertible(uninstalling: Uninstalling): Promise<readonly string[]> {
  const { client, operator } = uninstalling;
  const names = convertedKinds(operator).map(({ definition }) => definition);
  const found = await Promise.all(names.map((name) => client.get(CustomResourceDefinition, { name })));
  const told = await Promise.all(
    found.map(async (definition) => {
      const versions = definition === undefined ? [] : formerlyStored(definition);
      if (definition === undefined || versions.length === 0) return [];
      return (await isEmpty(definition, uninstalling)) ? [] : [remedyFor(definition, versions)];
    }),
  );
  return told.flat();
}

/** Versions other than the one that is stored now, in which objects may still lie. */
function formerlyStored({ spec, status }: CustomResourceDefinition): readonly string[] {
  const current = spec.versions.find(({ storage }) => storage)?.name;
  return (status?.storedVersions ?? []).filter((version) => version !== current);
}

/** A collection that cannot be read is not known to be empty. */
async function isEmpty(
  { spec }: CustomResourceDefinition,
  { client, namespaces = [] }: Uninstalling,
): Promise<boolean> {
  const { group, names, scope, versions } = spec;
  const version = versions.find(({ storage }) => storage)?.name ?? '';
  const type = { group, version, kind: names.kind, plural: names.plural, namespaced: scope === 'Namespaced' };
  const places = type.namespaced && namespaces.length > 0 ? namespaces : [undefined];
  try {
    for (const namespace of places)
      for await (const { items } of client.pages<KubeObject>(type, { metadataOnly: true, limit: 1, namespace })) {
        if (items.length > 0) return false;
        break;
      }
    return true;
  } catch (error) {
    if (error instanceof ApiError) return false;
    throw error;
  }
}

function remedyFor({ metadata: { name } }: CustomResourceDefinition, versions: readonly string[]): string {
  const where = versions.join(', ');
  return (
    `CustomResourceDefinition ${name}: objects may be stored in ${where}, which nobody converts without the operator, so that none ` +
    `could be read or deleted: while it runs, capstan migrate-storage ${name}; then this again, or --force`
  );
}
