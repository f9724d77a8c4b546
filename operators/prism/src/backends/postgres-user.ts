import type { PodIdentity } from '@capstan/resources';

/** The user that an image of postgres runs as. */
export interface PostgresUser {
  readonly identity: PodIdentity;
  /** Whether it is known, or only the most likely one: postgres opens nothing that belongs to another user than its own. */
  readonly isKnown: boolean;
}

/**
 * The user and group `postgres` of each variant of the official image. The volume of one cannot be used with the other; their
 * orders of text differ as well.
 */
const variants = { alpine: 70, debian: 999 } as const;

/** Tags name Alpine, and Debian's releases or nothing: 16.10-alpine, 16-alpine3.22, 16-bookworm, 16. */
const alpineTag = /(^|-)alpine/;

/**
 * Which user an image runs as. That of the official one is known by its tag, from a mirror too; of every other image the resource
 * has to say it.
 * @param image such as `postgres:16.10-alpine`
 */
export function postgresUser(image: string): PostgresUser {
  const [, repository = '', tag] = /^([^@]*?)(?::([^:/@]+))?(?:@.*)?$/.exec(image) ?? [];
  const id = variants[alpineTag.test(tag ?? '') ? 'alpine' : 'debian'];
  // Without a tag it is `latest`, which is Debian's; with a digest alone it may be anything.
  const isTagged = tag !== undefined || !image.includes('@');
  return { identity: { uid: id, gid: id }, isKnown: isTagged && repository.split('/').at(-1) === 'postgres' };
}
