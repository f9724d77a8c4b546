import type { ClusterShape } from './cluster-shape.ts';
import type { ShapeProblem } from './resolve-nodes.ts';

/** What orders a node. */
interface Ordered {
  readonly name: string;
  readonly nodeType: string;
}

/**
 * Nodes in the order of `spec.deploymentOrder`, which holds node types and may hold names of nodes; a name beats the type of
 * its node. Those that are not named come last, and equals stay in the order they were in.
 *
 * @example
 * ```ts
 * inDeploymentOrder([{ name: 'q', nodeType: 'broker' }, { name: 'd', nodeType: 'data' }], ['data', 'broker']).map(({ name }) => name) // ['d', 'q']
 * ```
 */
export function inDeploymentOrder<N extends Ordered>(nodes: readonly N[], order: readonly string[] = []): readonly N[] {
  const place = ({ name, nodeType }: Ordered) => {
    const byName = order.indexOf(name);
    const at = byName >= 0 ? byName : order.indexOf(nodeType);
    return at >= 0 ? at : order.length;
  };
  return nodes.toSorted((a, b) => place(a) - place(b));
}

/** Entries of the order that are neither a node type nor a node. */
export function unknownOrderEntries({
  nodes,
  deploymentOrder = [],
}: Pick<ClusterShape<unknown>, 'nodes' | 'deploymentOrder'>): readonly ShapeProblem[] {
  const known = new Set(nodes.flatMap(({ name, nodeType }) => [nodeType, name]));
  const types = [...new Set(nodes.map(({ nodeType }) => nodeType))].join(', ');
  return deploymentOrder.flatMap((entry, index) => {
    const field = `spec.deploymentOrder[${index}]`;
    if (deploymentOrder.indexOf(entry) < index)
      return [{ field, message: `"${entry}" stands there twice; name it once` }];
    if (known.has(entry)) return [];
    return [{ field, message: `"${entry}" is neither a node type nor a node; the node types are: ${types}` }];
  });
}
