import { mapOf, quantity, rule, stringMap, Type } from '@capstan/crd';

/** A TCP port a process without privileges can listen on. */
export function port(description: string) {
  return Type.Integer({ minimum: 1024, maximum: 65535, description });
}

/** The name of a Secret in the cluster's own namespace. */
export function secretName(description: string) {
  return Type.String({ minLength: 1, maxLength: 253, pattern: '^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$', description });
}

/** The name of a StorageClass. */
export function storageClassName(description: string) {
  return Type.String({ maxLength: 253, pattern: '^([a-z0-9]([-a-z0-9.]*[a-z0-9])?)?$', description });
}

/** Values that Kubernetes accepts as the values of labels. */
export function labelValues(options: Parameters<typeof mapOf>[1]) {
  const value = Type.String({ maxLength: 63, pattern: '^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$' });
  return mapOf(value, { maxProperties: 64, ...options });
}

/** A selector without labels would select everybody. */
const notEmpty = rule('size(self) > 0', 'needs at least one label: without any it would mean everybody');

const positive = rule(
  "type(self) == int ? self > 0 : quantity(self).isGreaterThan(quantity('0'))",
  'must be greater than zero, such as 1Gi',
);

/** The size of a volume. */
export function volumeSize(description: string) {
  return quantity({ rules: [positive], maxLength: 32, description });
}

/** Pods that may reach a port, by labels of their namespace and of themselves. */
export function peers(description: string) {
  const labels = (what: string) =>
    Type.Optional(stringMap({ maxProperties: 16, rules: [notEmpty], description: `Labels of the ${what}.` }));
  return Type.Array(
    Type.Object(
      { namespaceLabels: labels('namespace'), podLabels: labels('pod') },
      {
        description: 'Pods, by labels of their namespace (the own one unless given) and of themselves.',
        rules: [rule('has(self.namespaceLabels) || has(self.podLabels)', 'needs namespaceLabels or podLabels')],
      },
    ),
    { maxItems: 32, description },
  );
}
