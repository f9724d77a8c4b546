import type { ObjectRef } from '@capstan/kube';
import type { PrismCluster } from '../api/v1alpha1/prism-cluster.ts';

const secretName = /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/;

/** The Secrets of others that a cluster names, as it is stored: perhaps without defaults, or not even of the right shape. */
export function secretsNamedBy(resource: PrismCluster): readonly ObjectRef[] {
  const backends = fieldOf(fieldOf(resource, 'spec'), 'backends');
  const all = isObject(backends) ? Object.values(backends) : [];
  const names = all.flatMap((backend) => [
    fieldOf(backend, 'existingSecret'),
    fieldOf(fieldOf(fieldOf(backend, 'external'), 'secretRef'), 'name'),
  ]);
  const valid = names.filter((name): name is string => typeof name === 'string' && secretName.test(name));
  return [...new Set(valid)].map((name) => ({ name }));
}

function fieldOf(value: unknown, field: string): unknown {
  return isObject(value) ? value[field] : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
