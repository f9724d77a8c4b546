import type { PrometheusRuleEntry } from '@capstan/resources';
import type { PrismCluster } from '../api/v1alpha1/prism-cluster.ts';
import { namespaceOf } from '../names.ts';

/** What somebody is told of, while it has been so for some time. */
export interface Alert {
  readonly alert: string;
  /** PromQL. */
  readonly expr: string;
  /** Such as `5m`. */
  readonly for: string;
  /** `critical`: clients notice. `warning`: they will, or somebody's wish is not carried out. */
  readonly severity: 'critical' | 'warning';
  /** What is so, completing "PrismCluster shop/orders: ...". */
  readonly summary: string;
  /** What to do. */
  readonly description: string;
}

/** The alert as Prometheus has it. `prism_cluster` says which; `cluster` is often taken, for the name of the Kubernetes cluster. */
export function alertOf(cluster: PrismCluster, alert: Alert): PrometheusRuleEntry {
  const { summary, description, severity, ...rest } = alert;
  const namespace = namespaceOf(cluster);
  const { name } = cluster.metadata;
  return {
    ...rest,
    labels: { severity, namespace, prism_cluster: name },
    annotations: { summary: `PrismCluster ${namespace}/${name}: ${summary}`, description },
  };
}
