import type { Draft, NetworkPolicy, NetworkPolicyEgressRule, NetworkPolicyIngressRule } from '@capstan/kube';
import { child } from './child.ts';
import { InvalidChildError } from './invalid-child-error.ts';
import type { ChildMetadata, Labels } from './metadata.ts';
import { dnsSubdomain } from './names.ts';
import { labelSelector } from './selector.ts';

/** What may reach the selected pods, and what they may reach. */
export interface NetworkPolicyOptions {
  readonly pods: Labels | 'AllOfTheNamespace';
  /** Left out: incoming connections are not this policy's business. Empty: none may come in. */
  readonly ingress?: readonly NetworkPolicyIngressRule[];
  /** Left out: outgoing connections are not this policy's business. Empty: none may go out, DNS included. */
  readonly egress?: readonly NetworkPolicyEgressRule[];
}

/**
 * Closes the network around pods but for what the rules let through. Which directions it closes follows from which rules
 * are given; Kubernetes itself would leave outgoing connections open when they are to be forbidden altogether.
 * @throws {InvalidChildError} when it closes nothing, or when a rule has an empty list, which means "everybody"
 */
export function networkPolicy(
  metadata: ChildMetadata,
  { pods, ingress, egress }: NetworkPolicyOptions,
): Draft<NetworkPolicy> {
  const name = `NetworkPolicy/${metadata.name}`;
  const problems = [...emptyLists(ingress, 'ingress', 'from'), ...emptyLists(egress, 'egress', 'to')];
  if (ingress === undefined && egress === undefined)
    problems.push('ingress, egress: neither is given: it closes nothing');
  if (problems.length > 0) throw new InvalidChildError(name, problems);
  const draft: Draft<NetworkPolicy> = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata,
    spec: {
      podSelector: pods === 'AllOfTheNamespace' ? {} : labelSelector(pods, name),
      policyTypes: [
        ...(ingress === undefined ? [] : ['Ingress' as const]),
        ...(egress === undefined ? [] : ['Egress' as const]),
      ],
      ...(ingress !== undefined && { ingress }),
      ...(egress !== undefined && { egress }),
    },
  };
  return child<NetworkPolicy>(draft, dnsSubdomain);
}

function emptyLists(rules: readonly object[] | undefined, direction: string, peers: 'from' | 'to'): string[] {
  return (rules ?? []).flatMap((rule, index) =>
    [peers, 'ports']
      .filter((list) => isEmptyList(Reflect.get(rule, list)))
      .map((list) => `${direction}[${index}].${list}: an empty list means everybody: leave it out if that is meant`),
  );
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}
