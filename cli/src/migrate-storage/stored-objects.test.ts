import { ApiError, type KubeObject, type Page } from '@capstan/kube';
import { describe, expect, test } from 'vitest';
import { storedObjects } from './stored-objects.ts';

function page(...names: readonly string[]): Page<KubeObject> {
  const items = names.map((name) => ({
    apiVersion: 'x.dev/v1',
    kind: 'Crate',
    metadata: { namespace: 'default', name, resourceVersion: '7' },
  }));
  return { items, resourceVersion: '9' };
}

const expired = new ApiError({ status: 410, reason: 'Expired', message: 'too old' });

/** Answers the attempts one after the other: pages, or what is thrown after them. */
function server(attempts: readonly (readonly (Page<KubeObject> | Error)[])[]) {
  const limits: number[] = [];
  async function* pagesOf(limit: number): AsyncGenerator<Page<KubeObject>> {
    const answers = attempts[limits.length] ?? [];
    limits.push(limit);
    for (const answer of answers) {
      if (answer instanceof Error) throw answer;
      yield answer;
    }
  }
  return { limits, pagesOf };
}

describe('the objects that are there', () => {
  test('are read page by page, with the version that was seen', async () => {
    const { pagesOf, limits } = server([[page('a', 'b'), page('c')]]);
    const found = await storedObjects(pagesOf);
    expect(found.map(({ name }) => name)).toEqual(['a', 'b', 'c']);
    expect(found[0]).toEqual({ namespace: 'default', name: 'a', resourceVersion: '7' });
    expect(limits).toEqual([500]);
  });

  test('are read from the start when the snapshot expires between pages, none of them twice', async () => {
    const { pagesOf, limits } = server([[page('a'), expired], [page('a', 'b')]]);
    expect((await storedObjects(pagesOf)).map(({ name }) => name)).toEqual(['a', 'b']);
    expect(limits).toEqual([500, 500]);
  });

  test('are asked for at once when it expires again', async () => {
    const { pagesOf, limits } = server([[page('a'), expired], [page('a'), expired], [page('a', 'b')]]);
    expect((await storedObjects(pagesOf)).map(({ name }) => name)).toEqual(['a', 'b']);
    expect(limits).toEqual([500, 500, 0]);
  });

  test.each([
    ['any other refusal', [[page('a'), new ApiError({ status: 500, reason: 'InternalError', message: 'no' })]], 'no'],
    ['an expiry without pages', [[expired], [expired], [expired]], 'too old'],
  ])('are not to be had after %s', async (_, attempts, message) => {
    await expect(storedObjects(server(attempts).pagesOf)).rejects.toThrow(message);
  });
});
