import type { KubeObject } from '@capstan/kube';

/**
 * What an export has to say of one object.
 *
 * `LeftOut`: it looks like Prism, and yet the cluster will not have it. `LeftAlone`: it is something else, and stays as it is.
 * `Differs`: it is in the cluster, and something of it is not as a new cluster would have it, or cannot be said.
 */
export interface Finding {
  readonly kind: 'LeftOut' | 'LeftAlone' | 'Differs';
  /** `Deployment prism/prism-proxy`, or what else it is about. */
  readonly about: string;
  /** Never holds a value of a variable. */
  readonly message: string;
}

/** `Deployment prism/prism-proxy`. */
export function titleOf({ kind, metadata: { namespace, name } }: KubeObject): string {
  return namespace === undefined ? `${kind} ${name}` : `${kind} ${namespace}/${name}`;
}

/** Something that differs of an object. */
export function differs(object: KubeObject, message: string): Finding {
  return { kind: 'Differs', about: titleOf(object), message };
}

/** A part of Prism that the cluster will not have. */
export function leftOut(object: KubeObject, message: string): Finding {
  return { kind: 'LeftOut', about: titleOf(object), message };
}

/** Something that is no part of the cluster. */
export function leftAlone(object: KubeObject, message: string): Finding {
  return { kind: 'LeftAlone', about: titleOf(object), message };
}
