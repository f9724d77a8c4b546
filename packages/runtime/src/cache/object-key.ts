import type { ObjectRef } from '@capstan/kube';

/** `namespace/name`, or `name` for cluster-scoped objects: unique within one kind. */
export type ObjectKey = string & { readonly brand: 'ObjectKey' };

export function keyOf(ref: ObjectRef): ObjectKey {
  const text = ref.namespace === undefined || ref.namespace === '' ? ref.name : `${ref.namespace}/${ref.name}`;
  return text as ObjectKey; // the one place where the brand is given
}

export function refOf(key: ObjectKey): ObjectRef {
  const slash = key.indexOf('/');
  return slash < 0 ? { name: key } : { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
}
