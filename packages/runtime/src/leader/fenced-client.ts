import type { CallOptions, KubeClient } from '@capstan/kube';
import type { Fence } from './leadership.ts';

/** A write was held back, or cut off, because this process does not lead (any more). Nobody's failure: the work ends with it. */
export class NotLeading extends Error {
  override readonly name = 'NotLeading';
}

type WriteCall = CallOptions & { readonly dryRun?: boolean };

/**
 * The same client, whose writes end with {@link NotLeading} while the fence is not held.
 *
 * The fence is asked when a write is called and once more when its request would leave, repetitions included; writes under
 * way are given up when leadership is lost. Reads and dry runs always pass.
 */
export function fencedClient(client: KubeClient, fence: Fence): KubeClient {
  const write = writesBehind(fence);
  return {
    get: (type, ref, options) => client.get(type, ref, options),
    list: (type, options) => client.list(type, options),
    pages: (type, options) => client.pages(type, options),
    watch: (type, options) => client.watch(type, options),
    getScale: (type, ref, options) => client.getScale(type, ref, options),
    raw: (path, options) => client.raw(path, options),
    close: () => client.close(),
    create: (type, object, options = {}) => write(options, (guarded) => client.create(type, object, guarded)),
    replace: (type, object, options = {}) => write(options, (guarded) => client.replace(type, object, guarded)),
    apply: (type, body, options) => write(options, (guarded) => client.apply(type, body, guarded)),
    patch: (type, ref, patch, options = {}) => write(options, (guarded) => client.patch(type, ref, patch, guarded)),
    delete: (type, ref, options = {}) => write(options, (guarded) => client.delete(type, ref, guarded)),
    setScale: (type, ref, replicas, options = {}) =>
      write(options, (guarded) => client.setScale(type, ref, replicas, guarded)),
  };
}

function writesBehind(fence: Fence) {
  const guard = (): void => {
    if (!fence.isHeld) throw new NotLeading('this process does not lead: nothing was written');
  };
  return async <O extends WriteCall, R>(options: O, send: (guarded: O) => Promise<R>): Promise<R> => {
    if (options.dryRun === true) return send(options);
    guard();
    const signal = options.signal === undefined ? fence.lost : AbortSignal.any([fence.lost, options.signal]);
    try {
      return await send({ ...options, signal, beforeSend: guard });
    } catch (cause) {
      if (!fence.lost.aborted || cause instanceof NotLeading) throw cause;
      throw new NotLeading('leadership was lost while a write was under way: it may or may not have been done', {
        cause,
      });
    }
  };
}
