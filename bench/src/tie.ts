import { apiVersionOf, type KubeObject, type ResourceType } from '@capstan/kube';

/**
 * How an object hangs on a resource: `Owned` goes with it, by its controller reference; `Retained` stays, and has a mark of the
 * operator instead, as volumes and credentials have.
 */
export type Tie = 'Owned' | 'Retained';

/** How an object hangs on some resource of a kind; undefined for an object of somebody else. */
export function tieOf({ metadata }: KubeObject, type: ResourceType): Tie | undefined {
  const holder = metadata.ownerReferences?.find(({ controller }) => controller === true);
  if (holder !== undefined)
    return holder.apiVersion === apiVersionOf(type) && holder.kind === type.kind ? 'Owned' : undefined;
  return metadata.annotations?.[`${type.group}/retained-for`] === undefined ? undefined : 'Retained';
}
