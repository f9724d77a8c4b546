import { rule, type ValidationRule } from '@capstan/crd';

const started = 'has(oldSelf.status) && has(oldSelf.status.observedGeneration)';

/**
 * The operator does not carry the present spec out. Alone this lets through only what it looks at again in the cluster itself before
 * it carries it out, as the sizes and classes of volumes.
 */
const refused =
  "has(oldSelf.status.conditions) && oldSelf.status.conditions.exists(c, c.type == 'Accepted' && c.status == 'False')";

/** Backends, prism-admin and proxies were all available together once. */
const initialized =
  "has(oldSelf.status) && has(oldSelf.status.conditions) && oldSelf.status.conditions.exists(c, c.type == 'Initialized' && c.status == 'True')";

/** No volume has grown, so the size before is still theirs; the operator refuses one that is smaller than theirs. */
const growthRefused =
  "has(oldSelf.status.conditions) && oldSelf.status.conditions.exists(c, c.type == 'Stalled' && c.status == 'True' && c.reason == 'VolumeGrowthRefused')";

const kinds = ['redis', 'nats', 'postgres', 'minio', 'kafka'] as const;

const sameClass = 'a volume that exists cannot change its class, and nothing moves the data';

/** Refuses what is not `same` once the cluster has started, and leaves a way back out of a spec that was refused. */
function fixed(field: string, same: string, why: string, wayBack = refused): ValidationRule {
  return rule(`!(${started}) || (${wayBack}) || (${same})`, `cannot be changed once the cluster has started: ${why}`, {
    fieldPath: `.spec.${field}`,
    reason: 'FieldValueForbidden',
  });
}

/** Refuses less than before; a quantity may be written as a number. */
function neverSmaller(field: string, notLess: string): ValidationRule {
  return rule(
    `!(${started}) || (${refused}) || (${growthRefused}) || (${notLess})`,
    'cannot be smaller than before once the cluster has started: volumes grow and never shrink',
    { fieldPath: `.spec.${field}`, reason: 'FieldValueForbidden' },
  );
}

const size = (of: string) => `quantity(string(${of}))`;
const notLess = (after: string, before: string) => `${size(after)}.compareTo(${size(before)}) >= 0`;

/** Whether an optional field is the same in two objects. */
const sameOptional = (field: string, after: string, before: string) =>
  `has(${after}.${field}) == has(${before}.${field}) && (!has(${after}.${field}) || ${after}.${field} == ${before}.${field})`;

/** Holds where a backend is not both before and after. */
const notInBoth = (kind: string) => `!has(self.spec.backends.${kind}) || !has(oldSelf.spec.backends.${kind})`;

function rulesOfBackend(kind: string): readonly ValidationRule[] {
  const [after, before] = [`self.spec.backends.${kind}`, `oldSelf.spec.backends.${kind}`];
  const hasSize = `has(${after}.storage) && has(${before}.storage)`;
  return [
    neverSmaller(
      `backends.${kind}.storage`,
      `${notInBoth(kind)} || !(${hasSize}) || ${notLess(`${after}.storage`, `${before}.storage`)}`,
    ),
    fixed(
      `backends.${kind}.storageClassName`,
      `${notInBoth(kind)} || (${sameOptional('storageClassName', after, before)})`,
      sameClass,
    ),
  ];
}

/** The way back to what a backend was made with, and to nothing else; to anything where it never was made. */
function backToMade(kind: string, isAsMade: (made: string) => string): string {
  const all = 'oldSelf.status.bootstrappedBackends';
  return `has(${all}) && has(${all}.${kind}) ? (${isAsMade(`${all}.${kind}`)}) : (${refused})`;
}

function fixedOfBackend(kind: string, field: string, why: string): ValidationRule {
  const same = `self.spec.backends.${kind}.${field} == oldSelf.spec.backends.${kind}.${field}`;
  const wayBack = backToMade(kind, (made) => `self.spec.backends.${kind}.${field} == ${made}.${field}`);
  return fixed(`backends.${kind}.${field}`, `${notInBoth(kind)} || ${same}`, why, `${notInBoth(kind)} || (${wayBack})`);
}

/** Members that know each other by a list which they are given at their first start; of a backend that runs before and after. */
function fixedMembers(
  kind: string,
  { stays, isAsMade }: { readonly stays: string; readonly isAsMade: (made: string) => string },
  why: string,
): ValidationRule {
  const [after, before] = [`self.spec.backends.${kind}`, `oldSelf.spec.backends.${kind}`];
  const runsInBoth = `${after}.enabled && ${before}.enabled`;
  const holds = `${notInBoth(kind)} || !(${runsInBoth}) || ${stays}`;
  const wayBack = `${notInBoth(kind)} || (${backToMade(kind, isAsMade)})`;
  return fixed(`backends.${kind}.replicas`, holds, why, wayBack);
}

const sameReplicas = (kind: string) => `self.spec.backends.${kind}.replicas == oldSelf.spec.backends.${kind}.replicas`;

/** Holds where no pattern that had a volume before breaks the condition; `p` is the pattern now, `q` what it was. */
const ofEveryPattern = (condition: string) =>
  `self.spec.patterns.all(p, !has(p.storage) || oldSelf.spec.patterns.all(q, q.name != p.name || !has(q.storage) || (${condition})))`;

const adminIsFixed =
  "prism-admin fixes its raft membership at the first start, and another number silently loses every namespace. To have it bootstrapped anew, empty, agree to that first: kubectl annotate prismclusters.prism.io NAME -n NAMESPACE --overwrite prism.io/rebootstrap-admin='FROM->TO', with the numbers before and after; the condition AdminRebootstrapOffered then says what it costs";

/**
 * What may not change any more. Each rule compares with the spec before, so that the operator can always write the status,
 * and leaves a way back out of a spec that was refused.
 */
export const rulesOfChange: readonly ValidationRule[] = [
  rule(
    `!(has(oldSelf.status) && has(oldSelf.status.bootstrappedAdminReplicas)) || self.spec.admin.replicas in [oldSelf.spec.admin.replicas, oldSelf.status.bootstrappedAdminReplicas] || (has(oldSelf.status.offeredAdminReplicas) && self.spec.admin.replicas == oldSelf.status.offeredAdminReplicas)`,
    `cannot be changed once the cluster has started: ${adminIsFixed}`,
    {
      fieldPath: '.spec.admin.replicas',
      reason: 'FieldValueForbidden',
    },
  ),
  rule(
    `!(${initialized}) || (${refused}) || self.spec.profile == oldSelf.spec.profile`,
    'cannot be changed once the cluster has run: its proxies and prism-admin would move to other ports, and prism-admin would look for its namespaces elsewhere. For the other profile make a cluster of another name',
    { fieldPath: '.spec.profile', reason: 'FieldValueForbidden' },
  ),
  fixed(
    'admin.storage.type',
    'self.spec.admin.storage.type == oldSelf.spec.admin.storage.type',
    'nothing moves the state of prism-admin',
    "self.spec.admin.storage.type == 'sqlite'", // with another it never ran
  ),
  fixed(
    'admin.storage.storageClassName',
    sameOptional('storageClassName', 'self.spec.admin.storage', 'oldSelf.spec.admin.storage'),
    sameClass,
  ),
  neverSmaller('admin.storage.size', notLess('self.spec.admin.storage.size', 'oldSelf.spec.admin.storage.size')),
  ...kinds.flatMap(rulesOfBackend),
  fixedOfBackend('postgres', 'database', 'postgres makes its database at the first start only'),
  fixedOfBackend('kafka', 'mode', 'nothing moves the metadata of the brokers from one to the other'),
  fixedMembers(
    'kafka',
    {
      stays: sameReplicas('kafka'),
      isAsMade: (made) => `self.spec.backends.kafka.replicas == ${made}.replicas`,
    },
    'the brokers vote by a list that is fixed, and members that join it empty could outvote those with the metadata',
  ),
  fixedMembers(
    'nats',
    {
      stays: `!has(self.spec.backends.nats.storage) || ${sameReplicas('nats')} || (self.spec.backends.nats.replicas > 1 && oldSelf.spec.backends.nats.replicas > 1)`,
      isAsMade: (made) => `(self.spec.backends.nats.replicas > 1) == (${made}.replicas > 1)`,
    },
    'streams on a volume of a single server are not those of a cluster',
  ),
  fixed('patterns', ofEveryPattern(sameOptional('storageClassName', 'p.storage', 'q.storage')), sameClass),
  neverSmaller('patterns', ofEveryPattern(notLess('p.storage.size', 'q.storage.size'))),
];
