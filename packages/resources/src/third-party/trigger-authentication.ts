import type { Draft, KubeObject, ResourceType } from '@capstan/kube';
import { child } from '../child.ts';
import type { ChildMetadata } from '../metadata.ts';
import { dnsSubdomain } from '../names.ts';

/** Where the parameters of triggers come from; never a value itself. */
export interface TriggerAuthenticationSpec {
  readonly secretTargetRef?: readonly { readonly parameter: string; readonly name: string; readonly key: string }[];
  /** Of a container of the scaled workload. */
  readonly env?: readonly { readonly parameter: string; readonly name: string; readonly containerName?: string }[];
  readonly podIdentity?: { readonly provider: string; readonly identityId?: string; readonly roleArn?: string };
}

/** Credentials of KEDA's triggers, by reference. */
export interface TriggerAuthentication extends KubeObject {
  readonly apiVersion: 'keda.sh/v1alpha1';
  readonly kind: 'TriggerAuthentication';
  readonly spec: TriggerAuthenticationSpec;
}
export const TriggerAuthentication: ResourceType<TriggerAuthentication> = {
  group: 'keda.sh',
  version: 'v1alpha1',
  kind: 'TriggerAuthentication',
  plural: 'triggerauthentications',
  namespaced: true,
};

/**
 * Lets a ScaledObject of the namespace sign in where it asks for work.
 * See https://keda.sh/docs/latest/concepts/authentication/.
 */
export function triggerAuthentication(
  metadata: ChildMetadata,
  spec: TriggerAuthenticationSpec,
): Draft<TriggerAuthentication> {
  const draft = { apiVersion: 'keda.sh/v1alpha1', kind: 'TriggerAuthentication', metadata, spec } as const;
  return child<TriggerAuthentication>(draft, dnsSubdomain);
}
