import type { PrismPattern } from '../api/v1alpha1/prism-cluster.ts';

/** What a pattern of a cluster has besides the fields of its schema where it comes from a PrismPattern, or was made by somebody else. */
export interface FromResource {
  /** An autoscaler decides how many pods there are, or did until a moment ago. */
  readonly isAutoscaled?: boolean;
  /** Its PrismPattern cannot be carried out as it is now: what runs stays as it is. */
  readonly isHeld?: boolean;
  /** Its pods were made by somebody else and are kept as they are, whatever the operator would make of it. */
  readonly isKept?: boolean;
  /** The PrismNamespace to whose pods, and to the proxies, its pods are open and to nobody else. */
  readonly closedTo?: string;
  /** The generation of its PrismPattern; written on its workload, so that it is known which one has been carried out. */
  readonly generation?: number;
}

/** A pattern of a cluster, wherever it comes from. */
export type AnyPattern = PrismPattern & FromResource;
