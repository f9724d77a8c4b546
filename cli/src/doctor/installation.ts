import type { CustomResourceDefinition, KubeObject, PolicyRule, ResourceType } from '@capstan/kube';
import type { Controller, Rival, Webhook } from '@capstan/runtime';
import type { FormerOperator } from './former-operator.ts';

/** Short names of the operators, as `--operator` takes them. */
export const operatorNames = ['streambus', 'druid', 'prism'] as const;
export type OperatorName = (typeof operatorNames)[number];

/** One version of a kind, and the validation that its schema asks for. */
export interface CheckedKind extends ResourceType {
  validate(object: object): readonly { readonly path: string; readonly message: string }[];
  unknownFields(object: object): readonly string[];
}

/** A kind of ours in all its versions, the one that the operator works with first. */
export interface InstalledKind {
  readonly versions: readonly [CheckedKind, ...CheckedKind[]];
  readonly controller: Controller;
}

/** What an install of one operator consists of, as far as a cluster has to fit it. */
export interface Installation {
  readonly name: OperatorName;
  /** Of its Deployment, ServiceAccount, roles and Lease. */
  readonly operator: string;
  /** Where the manifests in `deploy/` put it, unless somebody says otherwise. */
  readonly namespace: string;
  readonly definitions: readonly WantedDefinition[];
  readonly kinds: readonly InstalledKind[];
  /** What it may do in its own namespace: its Lease, its certificates. */
  readonly ownRules: readonly PolicyRule[];
  /** Cluster-wide rules besides those of its controllers. */
  readonly clusterRules: readonly PolicyRule[];
  readonly former: FormerOperator;
  /** Operators beside which it stands by, known by their Leases. */
  readonly rivals: readonly Rival[];
  /** What API servers call it for. */
  readonly webhooks: readonly Webhook[];
}

/** A definition before an API server has seen it. */
export type WantedDefinition = Pick<CustomResourceDefinition, 'spec'> & {
  readonly metadata: { readonly name: string };
};

/** `PrismCluster shop/main`, as reports name an object. */
export function objectName({ kind, metadata: { namespace, name } }: KubeObject): string {
  return `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
}
