import { ApiError, CustomResourceDefinition, type KubeClient } from '@capstan/kube';
import { conversionProblem, converterOf, isOfConversion } from './conversion.ts';
import { rewriteAll, type Tally } from './rewriting.ts';
import { untilStoredIn } from './storage-in-use.ts';
import { type StoredObject, storedObjects } from './stored-objects.ts';
import { type StoredVersions, storedVersionsOf } from './stored-versions.ts';

/** How the migration of one kind ended. */
export type Migration =
  /** There was nothing to do. */
  | { readonly kind: 'UpToDate'; readonly storage: string }
  /** Every object is in the storage version, and the definition says so. Of a dry run: this is what would have happened. */
  | ({ readonly kind: 'Migrated' | 'Checked' } & Migrated)
  /** Some objects could not be written, or nobody came to them: the definition is as it was. */
  | ({ readonly kind: 'Incomplete' | 'Interrupted' } & Migrated)
  /** Nothing was written, or what was is not enough to say so; the reason says what to do. */
  | { readonly kind: 'Refused'; readonly why: string };

interface Migrated {
  readonly storage: string;
  readonly former: readonly string[];
  /** Whether the objects were only tried. */
  readonly isDryRun: boolean;
  readonly tally: Tally;
}

export interface MigrationOptions {
  readonly isDryRun: boolean;
  readonly signal: AbortSignal;
  /** Called as objects are done: how many, of how many. */
  readonly onProgress: (done: number, total: number) => void;
}

type Pending = Extract<StoredVersions, { readonly kind: 'Pending' }>;

const maxAttempts = 5;

/**
 * Rewrites every object of a kind in its storage version, then takes the former versions out of `status.storedVersions`; only when
 * every single object was rewritten, and the definition is still the same.
 * @throws {ApiError} when the API server refuses to tell what there is, or to take the new status
 * @throws {TransportError} when it does not answer
 */
export async function migrate(
  client: KubeClient,
  definition: CustomResourceDefinition,
  options: MigrationOptions,
): Promise<Migration> {
  const stored = storedVersionsOf(definition);
  if (stored.kind === 'UpToDate') return stored;
  if (stored.kind === 'Impossible') return refused(stored.why);
  if (!(await untilStoredIn(client, stored.type, stored.storage, options.signal)))
    return refused(
      `the API server does not store it in ${stored.storage} yet, although its definition says so: try again in a minute`,
    );
  const objects = await convertibleObjects(client, definition, stored);
  if ('kind' in objects) return objects;
  const { onProgress, ...rest } = options;
  const tally = await rewriteAll(objects, {
    ...{ ...rest, client, type: stored.type },
    onProgress: (done) => onProgress(done, objects.length),
  });
  const { storage, former } = stored;
  return conclude(client, definition, { storage, former, isDryRun: options.isDryRun, tally }, options.signal);
}

/** The objects there are, once it is known that they can be converted. */
async function convertibleObjects(
  client: KubeClient,
  definition: CustomResourceDefinition,
  { type, other }: Pending,
): Promise<readonly StoredObject[] | Extract<Migration, { readonly kind: 'Refused' }>> {
  const converter = converterOf(definition);
  try {
    const objects = await storedObjects((limit) => client.pages(type, { metadataOnly: true, limit }));
    const [first] = objects;
    if (converter === undefined || other === undefined || first === undefined) return objects;
    const problem = await conversionProblem(client, other, first);
    return problem === undefined ? objects : notConverted(converter, problem);
  } catch (error) {
    if (converter === undefined || !isOfConversion(error)) throw error;
    return notConverted(converter, error.serverMessage);
  }
}

function notConverted(converter: string, problem: string): Extract<Migration, { readonly kind: 'Refused' }> {
  return refused(
    `its conversion webhook (${converter}) does not answer, or cannot convert an object: ${problem}. Nothing was written: see that its operator runs, then run this again`,
  );
}

function refused(why: string): Extract<Migration, { readonly kind: 'Refused' }> {
  return { kind: 'Refused', why };
}

async function conclude(
  client: KubeClient,
  definition: CustomResourceDefinition,
  migrated: Migrated,
  signal: AbortSignal,
): Promise<Migration> {
  const { failures, left } = migrated.tally;
  if (signal.aborted && left > 0) return { kind: 'Interrupted', ...migrated };
  if (failures.length > 0 || left > 0) return { kind: 'Incomplete', ...migrated };
  if (migrated.isDryRun) return { kind: 'Checked', ...migrated };
  return (await recordStorage(client, definition, migrated.storage)) ?? { kind: 'Migrated', ...migrated };
}

/**
 * Says in the definition that objects are stored in one version only.
 * @returns a refusal when the definition is not the one that the objects were rewritten for
 */
async function recordStorage(
  client: KubeClient,
  { metadata: { name, uid, generation } }: CustomResourceDefinition,
  storage: string,
): Promise<Migration | undefined> {
  for (let attempt = 1; ; attempt += 1) {
    const now = await client.get(CustomResourceDefinition, { name });
    if (now === undefined || now.metadata.uid !== uid) return refused('the definition was deleted meanwhile');
    if (now.metadata.generation !== generation)
      return refused(
        'the definition was changed meanwhile, so objects may have been stored in another version: run this again',
      );
    const { resourceVersion } = now.metadata;
    const body = { metadata: { resourceVersion }, status: { storedVersions: [storage] } };
    try {
      await client.patch(CustomResourceDefinition, { name }, { kind: 'merge', body }, { subresource: 'status' });
      return undefined;
    } catch (error) {
      if (!(error instanceof ApiError && error.isConflict && attempt < maxAttempts)) throw error;
    }
  }
}
