import type { ClusterObjects } from '../cluster-objects.ts';
import { type ClusterSummary, clusterSummary } from './cluster-summary.ts';
import { type ComponentReport, componentReports } from './component-report.ts';
import { holdUpsOf } from './hold-ups.ts';
import { type IngressReport, ingressReport } from './ingress-report.ts';
import { type RelatedReport, relatedReports } from './related-report.ts';

/** All of one cluster, as `prismctl kubernetes status -o json` prints it. */
export interface ClusterReport extends ClusterSummary {
  /** What keeps it from being as its spec says. */
  readonly holdUps: readonly string[];
  /** In the order in which they come up. */
  readonly components: readonly ComponentReport[];
  readonly ingresses: readonly IngressReport[];
  /** PrismPatterns. */
  readonly patternObjects: readonly RelatedReport[];
  /** PrismNamespaces. */
  readonly namespaceObjects: readonly RelatedReport[];
  /** Plurals of kinds that you may not list, and that are missing here. */
  readonly notShown: readonly string[];
}

/** Sums up a cluster from what was read at one time. Pure. */
export function clusterReport(objects: ClusterObjects): ClusterReport {
  const { cluster, ingresses, patterns, namespaces, forbidden } = objects;
  const { name } = cluster.metadata;
  return {
    ...clusterSummary(cluster),
    holdUps: holdUpsOf(cluster),
    components: componentReports(objects),
    ingresses: ingresses.map(ingressReport),
    patternObjects: relatedReports(patterns, name),
    namespaceObjects: relatedReports(namespaces, name),
    notShown: forbidden,
  };
}
