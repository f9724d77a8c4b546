import type { ResourceType } from '@capstan/kube';
import { UserError } from './failure.ts';

/** What a person wrote to name a kind, and maybe one object of it: `sbc`, `streambuscluster/orders`. */
export interface KindArgument<T> {
  readonly of: T;
  readonly name?: string;
}

/**
 * Finds what a person means by `<kind>` or `<kind>/<name>`: the kind, its plural, a short name, or any of them with its
 * group, in upper or lower case.
 *
 * @throws {UserError} naming the kinds there are
 */
export function parseKindArgument<T extends { readonly kind: ResourceType }>(
  text: string,
  known: readonly T[],
): KindArgument<T> {
  const [word = '', name, ...rest] = text.split('/');
  const of = known.find(({ kind }) => namesOf(kind).includes(word.toLowerCase()));
  if (of === undefined) {
    const all = [...new Set(known.map(({ kind }) => kind.kind))];
    throw new UserError(
      `no operator here knows the kind "${word}"; known: ${all.join(', ')}. Others: --operator <module>`,
    );
  }
  if (rest.length > 0 || name === '')
    throw new UserError(`"${text}" is not <kind>/<name>, such as ${of.kind.plural}/orders`);
  return name === undefined ? { of } : { of, name };
}

function namesOf(type: ResourceType): readonly string[] {
  const names = [type.kind.toLowerCase(), type.plural, ...shortNamesOf(type)];
  return [...names, ...names.map((name) => `${name}.${type.group}`)];
}

/** Kinds made with `customResource` say their short names in their manifest. */
function shortNamesOf(type: ResourceType): readonly string[] {
  if (!('manifest' in type) || typeof type.manifest !== 'function') return [];
  const manifest: { readonly spec?: { readonly names?: { readonly shortNames?: readonly string[] } } } =
    type.manifest();
  return manifest.spec?.names?.shortNames ?? [];
}
