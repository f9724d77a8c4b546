import type { Draft, ServiceAccount } from '@capstan/kube';
import { child } from './child.ts';
import type { ChildMetadata } from './metadata.ts';
import { dnsSubdomain } from './names.ts';

export interface ServiceAccountOptions {
  /** Names of Secrets that pods of this account pull images with. */
  readonly imagePullSecrets?: readonly string[];
  /** Whether its pods get a token unless they say otherwise; false unless told. */
  readonly automountServiceAccountToken?: boolean;
}

/** A ServiceAccount, whose token no pod gets unless the pod asks for it. */
export function serviceAccount(
  metadata: ChildMetadata,
  { imagePullSecrets, automountServiceAccountToken = false }: ServiceAccountOptions = {},
): Draft<ServiceAccount> {
  const draft: Draft<ServiceAccount> = {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata,
    automountServiceAccountToken,
    ...(imagePullSecrets !== undefined && { imagePullSecrets: imagePullSecrets.map((name) => ({ name })) }),
  };
  return child<ServiceAccount>(draft, dnsSubdomain);
}
