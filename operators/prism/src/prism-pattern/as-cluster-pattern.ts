import type { PrismCluster } from '../api/v1alpha1/prism-cluster.ts';
import type { PrismPattern } from '../api/v1beta1/prism-pattern.ts';
import type { AnyPattern } from '../children/from-resource.ts';
import { closedToLabel } from '../labels.ts';
import { mergePatch } from '../patterns/merge-patch.ts';
import { asRunner } from './as-runner.ts';
import { appliedConfig } from './backend-config.ts';
import { wantedScaler } from './scaling/scaler.ts';

/** The pattern as if it stood in the spec of its cluster. */
export function asClusterPattern(pattern: PrismPattern, cluster: PrismCluster): AnyPattern {
  const { metadata, spec, status } = pattern;
  const config = mergePatch(appliedConfig(pattern, cluster).patch, spec.config ?? {});
  // While the autoscaler of before is still there, the number is still its own.
  const isAutoscaled = wantedScaler(spec) !== 'none' || (status?.scaler ?? 'none') !== 'none';
  return {
    ...asRunner(metadata.name, spec),
    ...(Object.keys(config).length > 0 && { config }),
    ...(isAutoscaled && { isAutoscaled }),
    ...closedTo(pattern),
    ...(metadata.generation !== undefined && { generation: metadata.generation }),
  };
}

/** To whom alone the pods of a pattern are open, where it says so. */
export function closedTo({ metadata: { labels } }: PrismPattern): Pick<AnyPattern, 'closedTo'> {
  const name = labels?.[closedToLabel];
  return name === undefined ? {} : { closedTo: name };
}
