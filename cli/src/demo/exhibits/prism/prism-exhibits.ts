import type { Exhibit } from '../exhibit.ts';
import { clusterExhibit } from './cluster/cluster-exhibit.ts';
import { federationExhibit } from './federation/federation-exhibit.ts';
import { namespaceExhibit } from './namespace/namespace-exhibit.ts';
import { patternExhibit } from './pattern/pattern-exhibit.ts';
import { PrismOperator } from './prism-operator.ts';

/** Every kind of Prism, with the one operator that runs them all. */
export function prismExhibits(): readonly Exhibit[] {
  const operator = new PrismOperator();
  return [clusterExhibit(operator), patternExhibit(operator), namespaceExhibit(operator), federationExhibit(operator)];
}
