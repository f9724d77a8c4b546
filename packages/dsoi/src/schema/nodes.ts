import { listMap, stringEnum, Type, withDefault } from '@capstan/crd';
import { longestName, mostNodes, namePattern } from './limits.ts';

/** `Statefulset` is how the specification spells it; it is accepted and never written. */
const nodeKinds = ['StatefulSet', 'Deployment', 'Statefulset'] as const;

/**
 * `spec.nodes`: every node of the cluster, by name. A node is one workload; it is of exactly one type, and several may be of
 * the same type (two tiers of one kind of server, for example).
 * Dsoi-Spec, cluster.md: lines 2, 9 and 10 of docs/dsoi.md.
 */
export function nodes() {
  const node = Type.Object({
    name: Type.String({
      maxLength: longestName,
      pattern: namePattern,
      description: 'Name of the node; its workload is called <cluster>-<name>.',
    }),
    kind: withDefault(
      stringEnum(nodeKinds, { description: 'Workload of the node. "Statefulset" is another spelling of StatefulSet.' }),
      'StatefulSet',
    ),
    nodeType: Type.String({
      maxLength: longestName,
      pattern: namePattern,
      description: 'What the node is to the application. deploymentOrder orders by it.',
    }),
    replicas: withDefault(Type.Integer({ minimum: 0, maximum: 1_000, description: 'Number of pods.' }), 1),
    k8sConfigGroup: Type.String({
      maxLength: longestName,
      description: 'Name of the entry of spec.k8sConfigGroup that says how its pods run.',
    }),
    appConfigGroup: Type.String({
      maxLength: longestName,
      description: 'Name of the group of application settings that its pods start with.',
    }),
  });
  return listMap(node, ['name'], { minItems: 1, maxItems: mostNodes, description: 'The nodes of the cluster.' });
}
