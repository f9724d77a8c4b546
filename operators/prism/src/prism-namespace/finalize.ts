import { type Finalize, type Pass, setConditions, standardConditions } from '@capstan/runtime';
import type { Correspondence } from '../admin/control-plane/correspondence.ts';
import { PrismNamespace } from '../api/v1alpha2/prism-namespace.ts';
import type { NeighbourNews } from './neighbour-news.ts';

/** Stands for the last word: that prism-admin goes on having the namespace. */
const finalizer = `${PrismNamespace.group}/namespace`;

interface FinalizeOptions {
  readonly correspondence: Pick<Correspondence, 'forget'>;
  readonly neighbours: Pick<NeighbourNews, 'went'>;
}

/**
 * Lets a namespace go at once, whatever prism-admin and the cluster do: there is nothing that could be asked of them. What waits to be
 * told of it is not told any more, and the user is told what stays.
 */
export function namespaceFinalize({ correspondence, neighbours }: FinalizeOptions): Finalize<PrismNamespace> {
  return {
    finalizer,
    run: async (namespace, pass) => {
      const { namespace: place, name } = namespace.metadata;
      correspondence.forget({ namespace: place, name });
      neighbours.went(namespace, pass.cache);
      // No words are worth holding it up for.
      if (namespace.status?.admin !== undefined)
        await tellWhatStays(namespace, pass).catch((err: unknown) => pass.log.warn({ err }, 'not told what stays'));
      return 'Done';
    },
  };
}

async function tellWhatStays(
  { metadata, spec, status = {} }: PrismNamespace,
  pass: Pass<PrismNamespace>,
): Promise<void> {
  const note = `prism-admin of ${spec.cluster} has no way to delete a namespace: ${metadata.name} stays there until the volumes of prism-admin are replaced`;
  const wanted = standardConditions({ is: 'Reconciling', reason: 'Deleting', message: note });
  const conditions = setConditions(status.conditions, wanted, { now: pass.now });
  const event = { type: 'Warning', reason: 'StaysInAdmin', action: 'Finalize', note } as const;
  await pass.report({ status: { ...status, conditions }, events: [event] });
}
