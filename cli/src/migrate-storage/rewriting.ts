import { ApiError, type KubeClient, type ResourceType } from '@capstan/kube';
import { inParallel } from '../in-parallel.ts';
import type { StoredObject } from './stored-objects.ts';

/** What became of the objects. */
export interface Tally {
  /** Written anew, in the storage version. */
  readonly rewritten: number;
  /** Were in the storage version already. Of a dry run: would be accepted. */
  readonly unchanged: number;
  /** Deleted meanwhile. */
  readonly gone: number;
  /** Those that the API server refused to write. */
  readonly failures: readonly ObjectFailure[];
  /** Those that nobody came to. */
  readonly left: number;
}

/** An object that could not be written. */
export interface ObjectFailure {
  /** `namespace/name`, or `name` of a cluster-scoped object. */
  readonly object: string;
  readonly why: string;
}

export interface RewritingOptions {
  readonly client: KubeClient;
  readonly type: ResourceType;
  /** Only ask whether the objects would be accepted. */
  readonly isDryRun: boolean;
  readonly signal: AbortSignal;
  /** Called after each object. */
  readonly onProgress: (done: number) => void;
}

type Fate = 'rewritten' | 'unchanged' | 'gone';

/** Enough to hide the way to the API server, too little to be felt there. */
const width = 8;
/** So many failures with no success between them are no property of the objects any more. */
const maxFailuresInARow = 20;
/** Somebody else may be writing the object at the same time. */
const maxAttempts = 5;
const fieldManager = 'capstan-migrate-storage';

/**
 * Has every object written again as it is. An object that is stored in the storage version already is not written by the API server,
 * so that whatever was interrupted can be done again at little cost. Gives up after 20 failures in a row.
 * @throws {TransportError} when the API server does not answer
 */
export async function rewriteAll(objects: readonly StoredObject[], options: RewritingOptions): Promise<Tally> {
  const counts: Record<Fate, number> = { rewritten: 0, unchanged: 0, gone: 0 };
  const failures: ObjectFailure[] = [];
  let [done, inARow] = [0, 0];
  const isOver = () => options.signal.aborted || inARow >= maxFailuresInARow;
  await inParallel(objects, { width, isOver }, async (object) => {
    const fate = await fateOf(object, options);
    if (typeof fate === 'string') counts[fate] += 1;
    else failures.push(fate);
    inARow = typeof fate === 'string' ? 0 : inARow + 1;
    done += 1;
    options.onProgress(done);
  });
  return { ...counts, failures, left: objects.length - done };
}

async function fateOf(object: StoredObject, options: RewritingOptions): Promise<Fate | ObjectFailure> {
  try {
    return await rewrite(object, options);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.isNotFound) return 'gone';
    return { object: nameOf(object), why: error.serverMessage };
  }
}

/** An empty patch changes nothing and names no version, so nobody's edit is lost; the API server stores what it finds anew. */
async function rewrite(object: StoredObject, { client, type, isDryRun }: RewritingOptions): Promise<Fate> {
  const { namespace, name, resourceVersion } = object;
  const write = { fieldManager, dryRun: isDryRun };
  for (let attempt = 1; ; attempt += 1) {
    try {
      const { metadata } = await client.patch(type, { namespace, name }, { kind: 'merge', body: {} }, write);
      return metadata.resourceVersion === resourceVersion ? 'unchanged' : 'rewritten';
    } catch (error) {
      if (!(error instanceof ApiError && error.isConflict && attempt < maxAttempts)) throw error;
    }
  }
}

function nameOf({ namespace, name }: StoredObject): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}
