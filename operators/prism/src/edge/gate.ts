import type { NetworkPolicyIngressRule, NetworkPolicyPeer } from '@capstan/kube';
import type { PrismCluster } from '../api/v1alpha1/prism-cluster.ts';
import { clusterLabels, managedBy, type Part, partLabel, partOf, selectorLabels } from '../labels.ts';

/** Who may come in, at any of the ports or at one. */
export interface Gate {
  /** Every port unless given. */
  readonly port?: number;
  /** Nobody when empty. */
  readonly from: readonly NetworkPolicyPeer[] | 'Everybody';
}

/** The rules of a policy. A gate that lets nobody in is none: a rule without anybody in it would let everybody in. */
export function rulesOf(gates: readonly Gate[]): readonly NetworkPolicyIngressRule[] {
  return gates
    .filter(({ from }) => from === 'Everybody' || from.length > 0)
    .map(({ port, from }) => ({
      ...(port !== undefined && { ports: [{ port, protocol: 'TCP' as const }] }),
      ...(from !== 'Everybody' && { from }),
    }));
}

/** The pods of one component of a cluster. */
export function componentPods(cluster: PrismCluster, component: string): NetworkPolicyPeer {
  return { podSelector: { matchLabels: selectorLabels(cluster, component) } };
}

/** All pods of a part of a cluster; those that were taken over bear other labels. */
export function partPods(cluster: PrismCluster, part: Part): readonly NetworkPolicyPeer[] {
  const own = { podSelector: { matchLabels: { ...clusterLabels(cluster), [partLabel]: part } } };
  const adopted = adoptedComponents(cluster).filter((component) => partOf(component) === part);
  return [own, ...adopted.map((component) => componentPods(cluster, component))];
}

/** All pods of a cluster, whatever they do in it. */
export function clusterPods(cluster: PrismCluster): readonly NetworkPolicyPeer[] {
  const adopted = adoptedComponents(cluster).map((component) => componentPods(cluster, component));
  return [{ podSelector: { matchLabels: clusterLabels(cluster) } }, ...adopted];
}

function adoptedComponents({ spec: { adoption } }: PrismCluster): readonly string[] {
  return (adoption?.workloads ?? []).map(({ component }) => component);
}

/** The pods of the operator; nobody where it runs outside the cluster. */
export function operatorPods(namespace: string | undefined): readonly NetworkPolicyPeer[] {
  if (namespace === undefined) return [];
  const namespaceSelector = { matchLabels: { 'kubernetes.io/metadata.name': namespace } };
  return [{ namespaceSelector, podSelector: { matchLabels: { 'app.kubernetes.io/name': managedBy } } }];
}

type GivenPeers = NonNullable<PrismCluster['spec']['networkPolicy']['clientsFrom']>;

/** Who may reach the proxies: whom the spec names, or everybody, those outside the Kubernetes cluster too. */
export function clients({ spec: { networkPolicy } }: PrismCluster): Gate['from'] {
  const { clientsFrom } = networkPolicy;
  return clientsFrom === undefined ? 'Everybody' : clientsFrom.map(peerOf);
}

/** Who may read metrics: whom the spec names, or the pods of every namespace. There are counts in them and no contents. */
export function monitors({ spec: { networkPolicy } }: PrismCluster): readonly NetworkPolicyPeer[] {
  return networkPolicy.monitoringFrom?.map(peerOf) ?? [{ namespaceSelector: {} }];
}

function peerOf({ namespaceLabels, podLabels }: GivenPeers[number]): NetworkPolicyPeer {
  return {
    ...(namespaceLabels !== undefined && { namespaceSelector: { matchLabels: namespaceLabels } }),
    ...(podLabels !== undefined && { podSelector: { matchLabels: podLabels } }),
  };
}
