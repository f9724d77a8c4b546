import { Type } from '@capstan/crd';
import { longestName, mostNodes } from './limits.ts';

/**
 * `spec.deploymentOrder`: in which order changes are rolled out. An entry is a node type, or the name of one node.
 * Dsoi-Spec, cluster.md: line 7 of docs/dsoi.md.
 */
export function deploymentOrder() {
  return Type.Array(Type.String({ maxLength: longestName }), {
    maxItems: mostNodes,
    description:
      'Node types (or names of nodes) in the order in which a change is rolled out. What is not named comes last, in the order of spec.nodes.',
  });
}
