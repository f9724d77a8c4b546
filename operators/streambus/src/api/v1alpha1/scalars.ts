import { mapOf, rule, Type } from '@capstan/crd';

/** A TCP port a process without privileges can listen on. */
export function port(description: string) {
  return Type.Integer({ minimum: 1024, maximum: 65535, description });
}

/** The name of a Secret in the cluster's own namespace. */
export function secretName(description: string) {
  return Type.String({ minLength: 1, maxLength: 253, pattern: '^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$', description });
}

/** Values that Kubernetes accepts as the values of labels. */
export function labelValues(options: Parameters<typeof mapOf>[1]) {
  const value = Type.String({ maxLength: 63, pattern: '^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$' });
  return mapOf(value, { maxProperties: 64, ...options });
}

/** A selector without labels would select everybody. */
export const notEmpty = rule('size(self) > 0', 'needs at least one label: without any it would mean everybody');
