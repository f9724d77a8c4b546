import type { LabelSelector, NetworkPolicy, NetworkPolicyPeer } from '@capstan/kube';
import type { Desired } from '@capstan/runtime';

/** Who connects. Somebody outside of Kubernetes has neither labels nor a namespace. */
export type Caller = { readonly namespace: Namespace; readonly labels: Labels } | 'Outside';

export interface Namespace {
  readonly name: string;
  readonly labels?: Labels;
}

type Labels = Readonly<Record<string, string>>;

/**
 * Whether a connection is let in, by the rules of NetworkPolicies: a pod that no policy selects lets in everybody, one that some
 * select lets in whom any of them does. https://kubernetes.io/docs/concepts/services-networking/network-policies/
 */
export function mayReach(policies: readonly Desired[], caller: Caller, pod: Labels, port: number): boolean {
  const around = policies.filter(isPolicy).filter(({ spec }) => selects(spec?.podSelector ?? {}, pod));
  if (around.length === 0) return true;
  return around.some(({ metadata: { namespace = '' }, spec }) =>
    (spec?.ingress ?? []).some(
      ({ from, ports }) =>
        (ports === undefined || ports.some((each) => each.port === port)) &&
        (from === undefined || from.some((peer) => isPeer(peer, caller, namespace))),
    ),
  );
}

function isPolicy(object: Desired): object is NetworkPolicy {
  return object.kind === 'NetworkPolicy';
}

function isPeer({ namespaceSelector, podSelector = {} }: NetworkPolicyPeer, caller: Caller, own: string): boolean {
  if (caller === 'Outside') return false;
  const { name, labels = {} } = caller.namespace;
  const isIn =
    namespaceSelector === undefined
      ? name === own
      : selects(namespaceSelector, { ...labels, 'kubernetes.io/metadata.name': name });
  return isIn && selects(podSelector, caller.labels);
}

function selects({ matchLabels = {}, matchExpressions = [] }: LabelSelector, labels: Labels): boolean {
  return (
    Object.entries(matchLabels).every(([name, value]) => labels[name] === value) &&
    matchExpressions.every(({ key, operator, values = [] }) => {
      if (operator !== 'In') throw new Error(`the rules of ${operator} are not written down here`);
      return values.includes(labels[key] ?? '');
    })
  );
}
