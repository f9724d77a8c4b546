import { UserError } from '../failure.ts';
import { type KindWords, kindWords } from './kind-words.ts';

/** What a person may say about the operator to make. */
export interface NamesAsked {
  /** Of the operator and its directory. */
  readonly name: string;
  readonly group?: string;
  readonly kind?: string;
  readonly plural?: string;
}

/** The checked names of an operator and of the kind it drives. */
export interface ScaffoldNames {
  readonly name: string;
  readonly group: string;
  readonly words: KindWords;
}

const maxName = 50;

/**
 * Checks the names and fills in what was not said: the kind is the operator's name without `-operator`, the group is
 * `example.dev`.
 * @throws {UserError} for a name that Kubernetes or npm would refuse, with what it may be
 */
export function scaffoldNames({
  name,
  group = 'example.dev',
  kind = kindFrom(name),
  plural,
}: NamesAsked): ScaffoldNames {
  if (!/^[a-z]([-a-z0-9]*[a-z0-9])?$/.test(name) || name.length > maxName)
    throw new UserError(
      `the name "${name}" cannot be used: lower-case letters, digits and dashes, a letter first, at most ${maxName}, such as cache-operator`,
    );
  if (!/^[A-Z][A-Za-z0-9]{0,62}$/.test(kind))
    throw new UserError(
      `the kind "${kind}" cannot be used: letters and digits in PascalCase, at most 63, such as --kind MessageQueue`,
    );
  if (!/^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)+$/.test(group) || group.length > 200)
    throw new UserError(
      `the group "${group}" cannot be used: a domain of yours in lower case, such as --group cache.example.com`,
    );
  if (/(^|\.)(k8s|kubernetes)\.io$/.test(group))
    throw new UserError(
      `the group "${group}" belongs to Kubernetes, which protects it: use a domain of your own, such as --group cache.example.com`,
    );
  if (plural !== undefined && !/^[a-z][a-z0-9]{0,62}$/.test(plural))
    throw new UserError(`the plural "${plural}" cannot be used: lower-case letters and digits, such as --plural mice`);
  return { name, group, words: kindWords(kind, plural) };
}

/** `redis-cache-operator` drives `RedisCache`. */
function kindFrom(name: string): string {
  const words = name
    .replace(/-operator$/, '')
    .split('-')
    .filter((word) => word !== '');
  return words.map((word) => `${word[0]?.toUpperCase() ?? ''}${word.slice(1)}`).join('');
}
