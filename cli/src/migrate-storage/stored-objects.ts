import { ApiError, type KubeObject, type Page } from '@capstan/kube';

/** One object to be rewritten, and the version of it that was seen. */
export interface StoredObject {
  readonly namespace?: string;
  readonly name: string;
  readonly resourceVersion: string;
}

/** Objects per page; nothing but their metadata is read. */
const pageSize = 500;
const maxPagedAttempts = 2;

/**
 * Reads the names of all objects, page by page. Whoever is made later is stored in the storage version anyway. Starts over when the
 * snapshot expires between pages (410), and in the end asks for everything at once.
 * @param pagesOf reads pages of so many objects; 0 for all in one
 */
export async function storedObjects(
  pagesOf: (limit: number) => AsyncIterable<Page<KubeObject>>,
): Promise<readonly StoredObject[]> {
  for (let attempt = 1; ; attempt += 1) {
    const isPaged = attempt <= maxPagedAttempts;
    try {
      return await allOf(pagesOf(isPaged ? pageSize : 0));
    } catch (error) {
      if (!(error instanceof ApiError && error.isExpired && isPaged)) throw error;
    }
  }
}

async function allOf(pages: AsyncIterable<Page<KubeObject>>): Promise<readonly StoredObject[]> {
  const found: StoredObject[] = [];
  for await (const { items } of pages) for (const item of items) found.push(storedObjectOf(item));
  return found;
}

/** Names only: metadata of 100,000 objects would not be small. */
function storedObjectOf({ metadata: { namespace, name, resourceVersion = '' } }: KubeObject): StoredObject {
  return { name, resourceVersion, ...(namespace !== undefined && { namespace }) };
}
