import type { PrismCluster } from '@capstan/prism-operator';
import type { Needs } from '../../../needs.ts';

/** Reads off a Prism cluster what it needs: the classes of its volumes. Its pods share the nodes there are. */
export function prismClusterNeeds({ spec }: PrismCluster): Needs {
  const backends = Object.values(spec.backends).filter((backend) => backend?.enabled === true);
  const claims = [spec.admin.storage, ...backends, ...spec.patterns.map(({ storage }) => storage)];
  const classes = claims.flatMap((claim) => (claim === undefined ? [] : [claim.storageClassName]));
  return {
    storageClasses: classes.filter((name) => name !== undefined),
    usesDefaultStorageClass: classes.includes(undefined),
    pods: Math.max(1, spec.admin.replicas),
    secrets: [],
  };
}
