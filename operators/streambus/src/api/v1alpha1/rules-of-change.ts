import { rule, type ValidationRule } from '@capstan/crd';

const started = 'has(oldSelf.status) && has(oldSelf.status.bootstrapReplicas)';

/** The operator does not carry the present spec out, so a change of it can only be the way back. */
const refused =
  "has(oldSelf.status.conditions) && oldSelf.status.conditions.exists(c, c.type == 'Accepted' && c.status == 'False')";

/** Refuses a change of a field (below `spec`) of a cluster that has started, unless `exception` holds. */
function fixed(field: string, why: string, exception: string): ValidationRule {
  const same = `self.spec.${field} == oldSelf.spec.${field}`;
  const message = `cannot be changed once the cluster has started: ${why}`;
  return rule(`${same} || !(${started}) || (${exception})`, message, {
    fieldPath: `.spec.${field}`,
    reason: 'FieldValueForbidden',
  });
}

const volumes = 'the volumes of its brokers exist, and this version neither moves nor resizes them';

/**
 * What may not change any more. Each rule compares with the spec before, so that the operator can always write the status,
 * and leaves a way back out of a spec that was refused.
 */
export const rulesOfChange: readonly ValidationRule[] = [
  fixed(
    'replicas',
    'the broker fixes its raft membership at the first start, so an added broker never serves or starts a second cluster, and a removed one costs the quorum. Make a new cluster of the size you need',
    'self.spec.replicas == oldSelf.status.bootstrapReplicas',
  ),
  fixed(
    'config.grpcPort',
    'brokers restarted with the new port cannot reach those that still have the old one',
    `self.spec.replicas == 1 || ${refused}`,
  ),
  fixed('storage.class', volumes, refused),
  fixed('storage.size', volumes, refused),
  fixed('storage.raftSize', volumes, refused),
];
