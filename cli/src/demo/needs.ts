import type { NodeTaint } from '@capstan/controlplane';

/** What must be there before a resource can run, because an operator never makes it. */
export interface Needs {
  readonly storageClasses: readonly string[];
  /** It claims volumes and names no class for them, so one has to be the default. */
  readonly usesDefaultStorageClass?: boolean;
  /** Pods that want a node each. */
  readonly pods: number;
  /** Where it asks for special nodes: what they have, so that its pods come there and others do not. */
  readonly placement?: Placement;
  /** In its own namespace. */
  readonly secrets: readonly SecretNeed[];
}

/** How special nodes are marked. */
export interface Placement {
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly NodeTaint[];
}

/** A Secret that a resource names, and what is expected in it. */
export interface SecretNeed {
  readonly name: string;
  readonly content: SecretContent;
}

/**
 * What a Secret holds:
 * - `serving-certificate`: for these hosts, the first of which is its subject, under the keys of `kubernetes.io/tls`
 * - `certificate-authority`: the one that signs those certificates, in `ca.crt`
 * - `random-key`: 32 random bytes in base64, under a key of that name
 */
export type SecretContent =
  | { readonly kind: 'serving-certificate'; readonly hosts: readonly [string, ...string[]] }
  | { readonly kind: 'certificate-authority' }
  | { readonly kind: 'random-key'; readonly key: string };

/** A resource that runs nothing in the cluster. */
export const needsNothing: Needs = { storageClasses: [], pods: 0, secrets: [] };
