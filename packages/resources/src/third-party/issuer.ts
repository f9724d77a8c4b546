import type { Condition, Draft, KubeObject, ResourceType } from '@capstan/kube';
import { child } from '../child.ts';
import type { ChildMetadata } from '../metadata.ts';
import { dnsSubdomain } from '../names.ts';

/** Who signs: the certificate itself, a CA whose key is in a Secret, or an ACME server. */
export type IssuerSpec =
  | { readonly selfSigned: { readonly crlDistributionPoints?: readonly string[] } }
  | { readonly ca: { readonly secretName: string } }
  | {
      readonly acme: {
        readonly server: string;
        readonly email?: string;
        readonly privateKeySecretRef: { readonly name: string; readonly key?: string };
        /** As cert-manager has them: they differ from one DNS provider to the next. */
        readonly solvers: readonly Readonly<Record<string, unknown>>[];
      };
    };

/** Signs certificates of its namespace, where cert-manager is installed. */
export interface Issuer extends KubeObject {
  readonly apiVersion: 'cert-manager.io/v1';
  readonly kind: 'Issuer';
  readonly spec: IssuerSpec;
  readonly status?: { readonly conditions?: readonly Condition[] };
}
export const Issuer: ResourceType<Issuer> = {
  group: 'cert-manager.io',
  version: 'v1',
  kind: 'Issuer',
  plural: 'issuers',
  namespaced: true,
};

/**
 * An issuer of its namespace.
 * See https://cert-manager.io/docs/reference/api-docs/#cert-manager.io/v1.Issuer.
 */
export function issuer(metadata: ChildMetadata, spec: IssuerSpec): Draft<Issuer> {
  return child<Issuer>({ apiVersion: 'cert-manager.io/v1', kind: 'Issuer', metadata, spec }, dnsSubdomain);
}
