import { rule, type ValidationRule } from '@capstan/crd';

const started = 'has(oldSelf.status) && has(oldSelf.status.bootstrapReplicas)';

/** The operator does not carry the present spec out, so a change of it can only be the way back. */
const refused =
  "has(oldSelf.status.conditions) && oldSelf.status.conditions.exists(c, c.type == 'Accepted' && c.status == 'False')";

/** No volume has grown, so the size before is still theirs; the operator refuses one that is smaller than theirs. */
const growthRefused =
  "has(oldSelf.status.conditions) && oldSelf.status.conditions.exists(c, c.type == 'Stalled' && c.status == 'True' && c.reason == 'VolumeGrowthRefused')";

/** Refuses a change of a field (below `spec`) of a cluster that has started, unless `exception` holds. */
function fixed(field: string, why: string, exception: string): ValidationRule {
  const same = `self.spec.${field} == oldSelf.spec.${field}`;
  const message = `cannot be changed once the cluster has started: ${why}`;
  return rule(`${same} || !(${started}) || (${exception})`, message, {
    fieldPath: `.spec.${field}`,
    reason: 'FieldValueForbidden',
  });
}

/** Volumes grow and never shrink; a quantity may be written as a number. */
function neverSmaller(field: string): ValidationRule {
  const size = (of: string) => `quantity(string(${of}.spec.${field}))`;
  return rule(
    `!(${started}) || (${refused}) || (${growthRefused}) || ${size('self')}.compareTo(${size('oldSelf')}) >= 0`,
    'cannot be smaller than before once the cluster has started: volumes grow and never shrink',
    { fieldPath: `.spec.${field}`, reason: 'FieldValueForbidden' },
  );
}

/** The sizes that the operator has said it would bootstrap the cluster anew with, and those it is on its way between. */
const offered =
  '(has(oldSelf.status.offeredReplicas) && self.spec.replicas == oldSelf.status.offeredReplicas) || ' +
  '(has(oldSelf.status.reBootstrap) && (self.spec.replicas == oldSelf.status.reBootstrap.to || (oldSelf.status.reBootstrap.step != "Starting" && self.spec.replicas == oldSelf.status.reBootstrap.from)))';

/**
 * What may not change any more. Each rule compares with the spec before, so that the operator can always write the status,
 * and leaves a way back out of a spec that was refused.
 */
export const rulesOfChange: readonly ValidationRule[] = [
  fixed(
    'replicas',
    'the broker fixes its raft membership at the first start, so an added broker never serves or starts a second cluster, and a removed one costs the quorum. To bootstrap the brokers anew with another size, which loses the topics made over HTTP, first put the annotation streambus.io/re-bootstrap-to with that size on the cluster and read what the operator answers',
    `self.spec.replicas == oldSelf.status.bootstrapReplicas || self.spec.raft.membership == 'Dynamic' || ${offered}`,
  ),
  fixed(
    'config.grpcPort',
    'brokers restarted with the new port cannot reach those that still have the old one',
    `self.spec.replicas == 1 || ${refused}`,
  ),
  fixed('storage.class', 'the volumes of its brokers exist, and nothing moves them', refused),
  neverSmaller('storage.size'),
  neverSmaller('storage.raftSize'),
];
