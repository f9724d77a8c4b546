import type { Draft, NetworkPolicy, NetworkPolicyPeer } from '@capstan/kube';
import { networkPolicy } from '@capstan/resources';
import type { PrismCluster } from '../api/v1alpha1/prism-cluster.ts';
import type { AnyPattern } from '../children/from-resource.ts';
import { childMetadata, clusterLabels, partLabel, prismNamespaceLabel, selectorLabels } from '../labels.ts';
import { childName, ownName, runnerName } from '../names.ts';
import { profileOf, runnerProfile } from '../profiles/profiles.ts';
import { clusterPods, type Gate, partPods, rulesOf } from './gate.ts';

/** Around the patterns: nobody comes in, but where a runner listens the pods of its own cluster do, or those of its PrismNamespace. */
export function patternFences(cluster: PrismCluster): readonly Draft<NetworkPolicy>[] {
  const { patterns } = cluster.spec;
  if (patterns.length === 0) return [];
  const shut = networkPolicy(childMetadata(cluster, childName(cluster, 'patterns'), 'patterns', 'edge'), {
    pods: { ...clusterLabels(cluster), [partLabel]: 'pattern' },
    ingress: [],
  });
  return [shut, ...patterns.flatMap((pattern) => openingOf(cluster, pattern))];
}

/** Policies add up, so this one takes something away from the one around all patterns. */
function openingOf(cluster: PrismCluster, pattern: AnyPattern): readonly Draft<NetworkPolicy>[] {
  // Where it listens, and to whom it is open, is not known: the policy that is there stays, as the rest of it does.
  if (pattern.isHeld === true) return [];
  const gate = gateOf(cluster, pattern);
  if (gate === undefined) return [];
  const component = runnerName(pattern.name);
  return [
    networkPolicy(childMetadata(cluster, ownName(cluster, component), component, 'edge'), {
      pods: selectorLabels(cluster, component),
      ingress: rulesOf([gate]),
    }),
  ];
}

/** A runner of which nothing is known may listen on any port. */
function gateOf(cluster: PrismCluster, pattern: AnyPattern): Gate | undefined {
  const { serves, mayListen = false } = runnerProfile(pattern, profileOf(cluster));
  const port = pattern.port ?? serves?.port;
  if (port === undefined && !mayListen) return undefined;
  return { ...(port !== undefined && { port }), from: callersOf(cluster, pattern) };
}

function callersOf(cluster: PrismCluster, { closedTo }: AnyPattern): readonly NetworkPolicyPeer[] {
  if (closedTo === undefined) return clusterPods(cluster);
  const own = { podSelector: { matchLabels: { ...clusterLabels(cluster), [prismNamespaceLabel]: closedTo } } };
  return [own, ...partPods(cluster, 'proxy')];
}
