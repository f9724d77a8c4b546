import type { KubeClient } from '@capstan/kube';
import type { Fence } from './leadership.ts';

/** A write was held back because this process does not lead (any more). */
export class NotLeading extends Error {
  override readonly name = 'NotLeading';
}

/** The same client, whose writes are refused with {@link NotLeading} while the fence is not held. Reads always pass. */
export function fencedClient(client: KubeClient, fence: Fence): KubeClient {
  const guard = () => {
    if (!fence.isHeld) throw new NotLeading('this process does not lead: nothing was written');
  };
  const guarded =
    <A extends readonly unknown[], R>(write: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      guard();
      return write(...args);
    };
  return {
    get: client.get.bind(client),
    list: client.list.bind(client),
    pages: client.pages.bind(client),
    watch: client.watch.bind(client),
    getScale: client.getScale.bind(client),
    raw: client.raw.bind(client),
    close: client.close.bind(client),
    create: (type, object, options) => guarded(client.create.bind(client))(type, object, options) as never,
    replace: (type, object, options) => guarded(client.replace.bind(client))(type, object, options) as never,
    apply: (type, body, options) => guarded(client.apply.bind(client))(type, body, options) as never,
    patch: (type, ref, patch, options) => guarded(client.patch.bind(client))(type, ref, patch, options) as never,
    delete: (type, ref, options) => guarded(client.delete.bind(client))(type, ref, options),
    setScale: (type, ref, replicas, options) => guarded(client.setScale.bind(client))(type, ref, replicas, options),
  };
}
