import type { PrismPattern as ClusterPattern } from '../api/v1alpha1/prism-cluster.ts';
import type { PrismPatternSpec } from '../api/v1beta1/prism-pattern.ts';
import { isClusterBackend } from './known-backends.ts';
import { startingReplicas } from './starting-replicas.ts';

/** The pattern as a cluster has it in its spec, but for what its runner is configured with. */
export function asRunner(name: string, spec: PrismPatternSpec): ClusterPattern {
  const { cluster: _cluster, autoscaling: _autoscaling, prismNamespace: _namespace, config: _config, ...own } = spec;
  const { type: runner, workload: type, backends, placement, replicas: _replicas, ...same } = own;
  return {
    ...same,
    ...placement,
    ...{ name, type, runner },
    replicas: startingReplicas(spec),
    backends: backends.map((use) => use.name).filter(isClusterBackend),
  };
}
