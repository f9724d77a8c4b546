import { ConfigMap, type KubeClient, TransportError, type WriteOptions } from '@capstan/kube';
import { describe, expect, it } from 'vitest';
import { fencedClient, NotLeading } from './fenced-client.ts';

const ref = { namespace: 'a', name: 'b' };
const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: ref } as const;
const patch = { kind: 'merge', body: {} } as const;

/** A fence to open and to close, and what reached the client behind it. */
function scene(during: (options: WriteOptions) => void = () => {}) {
  const lost = new AbortController();
  const fence = { isHeld: true, lost: lost.signal };
  const reached: string[] = [];
  const call =
    (verb: string, optionsAt: number) =>
    async (...args: readonly unknown[]): Promise<never> => {
      reached.push(verb);
      // Options are the argument at this place, by the interface; undefined is as good as none.
      during((args[optionsAt] ?? {}) as WriteOptions);
      return undefined as never;
    };
  const stream = (verb: string) => () => {
    reached.push(verb);
    return (async function* () {})();
  };
  const client: KubeClient = {
    get: call('get', 2),
    list: call('list', 1),
    pages: stream('pages'),
    watch: stream('watch'),
    create: call('create', 2),
    replace: call('replace', 2),
    apply: call('apply', 2),
    patch: call('patch', 3),
    delete: call('delete', 2),
    getScale: call('getScale', 2),
    setScale: call('setScale', 3),
    raw: call('raw', 1),
    close: async () => {},
  };
  return { fence, lost, reached, client: fencedClient(client, fence) };
}

const writes: readonly [string, (client: KubeClient, options: { dryRun?: boolean }) => Promise<unknown>][] = [
  ['create', (client, options) => client.create(ConfigMap, object, options)],
  ['replace', (client, options) => client.replace(ConfigMap, object, options)],
  ['apply', (client, options) => client.apply(ConfigMap, object, { fieldManager: 'm', ...options })],
  ['patch', (client, options) => client.patch(ConfigMap, ref, patch, options)],
  ['delete', (client, options) => client.delete(ConfigMap, ref, options)],
  ['setScale', (client, options) => client.setScale(ConfigMap, ref, 1, options)],
];

describe('a fenced client', () => {
  it.each(writes)('lets %s through while the fence is held, and not a moment longer', async (verb, write) => {
    const { fence, client, reached } = scene();
    await write(client, {});
    fence.isHeld = false;
    await expect(write(client, {})).rejects.toBeInstanceOf(NotLeading);
    expect(reached).toEqual([verb]);
  });

  it.each(writes)('lets %s through as a dry run, which changes nothing', async (verb, write) => {
    const { fence, client, reached } = scene();
    fence.isHeld = false;
    await write(client, { dryRun: true });
    expect(reached).toEqual([verb]);
  });

  it('always lets reads through', async () => {
    const { fence, client, reached } = scene();
    fence.isHeld = false;
    await client.get(ConfigMap, ref);
    await client.list(ConfigMap);
    client.pages(ConfigMap);
    client.watch(ConfigMap);
    await client.getScale(ConfigMap, ref);
    await client.raw('/version');
    expect(reached).toEqual(['get', 'list', 'pages', 'watch', 'getScale', 'raw']);
  });

  it.each(writes)('asks again at the moment the request of %s leaves', async (_verb, write) => {
    const { client, fence } = scene((options) => {
      fence.isHeld = false; // the process stood still between the call and its request
      options.beforeSend?.();
    });
    await expect(write(client, {})).rejects.toBeInstanceOf(NotLeading);
  });

  it('gives up a write under way when leadership is lost, and says that it may have been done', async () => {
    const { client, lost } = scene(({ signal }) => {
      lost.abort();
      if (signal?.aborted) throw new TransportError('aborted by the caller', { maySent: true });
    });
    const failure = await client.patch(ConfigMap, ref, patch).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(NotLeading);
    expect(failure).toMatchObject({
      cause: expect.any(TransportError),
      message: expect.stringMatching(/may or may not/),
    });
  });

  it('leaves the signal of the caller in force, and other failures as they are', async () => {
    const stop = new AbortController();
    const { client } = scene(({ signal }) => {
      stop.abort();
      if (signal?.aborted) throw new TransportError('aborted by the caller', { maySent: true });
    });
    await expect(client.patch(ConfigMap, ref, patch, { signal: stop.signal })).rejects.toBeInstanceOf(TransportError);
  });
});
