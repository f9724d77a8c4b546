import type { Condition, Draft, KubeObject, ResourceType } from '@capstan/kube';
import { child } from '../child.ts';
import { InvalidChildError } from '../invalid-child-error.ts';
import type { ChildMetadata, Labels } from '../metadata.ts';
import { dnsSubdomain } from '../names.ts';

interface CertificateSpec {
  /** The Secret that cert-manager keeps: `tls.crt`, `tls.key`, `ca.crt`. */
  readonly secretName: string;
  readonly issuerRef: { readonly name: string; readonly kind?: 'Issuer' | 'ClusterIssuer'; readonly group?: string };
  readonly dnsNames?: readonly string[];
  readonly ipAddresses?: readonly string[];
  readonly uris?: readonly string[];
  readonly commonName?: string;
  /** In the form of Go, such as `2160h`: hours are the longest unit. */
  readonly duration?: string;
  readonly renewBefore?: string;
  readonly isCA?: boolean;
  readonly usages?: readonly string[];
  readonly privateKey?: {
    readonly algorithm?: 'RSA' | 'ECDSA' | 'Ed25519';
    readonly size?: number;
    readonly encoding?: 'PKCS1' | 'PKCS8';
    readonly rotationPolicy?: 'Always' | 'Never';
  };
  readonly secretTemplate?: { readonly labels?: Labels; readonly annotations?: Readonly<Record<string, string>> };
}

/** A certificate that cert-manager issues and renews. */
export interface Certificate extends KubeObject {
  readonly apiVersion: 'cert-manager.io/v1';
  readonly kind: 'Certificate';
  readonly spec: CertificateSpec;
  readonly status?: {
    readonly conditions?: readonly Condition[];
    readonly notAfter?: string;
    readonly renewalTime?: string;
    readonly revision?: number;
  };
}
export const Certificate: ResourceType<Certificate> = {
  group: 'cert-manager.io',
  version: 'v1',
  kind: 'Certificate',
  plural: 'certificates',
  namespaced: true,
};

export type CertificateOptions = CertificateSpec;

/**
 * A certificate for names or addresses. A renewed one has a new key unless told: a key that leaked is then of no use.
 * See https://cert-manager.io/docs/reference/api-docs/#cert-manager.io/v1.Certificate.
 * @throws {InvalidChildError} when it would stand for nobody
 */
export function certificate(metadata: ChildMetadata, options: CertificateOptions): Draft<Certificate> {
  const { dnsNames = [], ipAddresses = [], uris = [], commonName, privateKey } = options;
  if (commonName === undefined && [...dnsNames, ...ipAddresses, ...uris].length === 0) {
    const problem = 'dnsNames: is empty, and there is no address, URI or common name either: say whom it stands for';
    throw new InvalidChildError(`Certificate/${metadata.name}`, [problem]);
  }
  const spec: CertificateSpec = { ...options, privateKey: { rotationPolicy: 'Always', ...privateKey } };
  return child<Certificate>({ apiVersion: 'cert-manager.io/v1', kind: 'Certificate', metadata, spec }, dnsSubdomain);
}
