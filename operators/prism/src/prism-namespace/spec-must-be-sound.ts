import { PrismNamespace } from '../api/v1alpha2/prism-namespace.ts';
import { namespaceQuota } from './children/namespace-quota.ts';

/** Why a spec is not carried out. */
export interface Refusal {
  readonly reason: 'SpecInvalid';
  /** Says what is wrong, and where. */
  readonly message: string;
}

/** The API server has checked most of this already, unless the CRD there is an older one or has lost its rules. */
export function specMustBeSound({ status: _ours, ...asked }: PrismNamespace): Refusal | undefined {
  const violations = PrismNamespace.validate(asked);
  if (violations.length > 0) return refusal(violations.map(({ path, message }) => `${path}: ${message}`).join('; '));
  return limitsMustBePossible(asked);
}

function limitsMustBePossible(namespace: PrismNamespace): Refusal | undefined {
  try {
    namespaceQuota(namespace);
    return undefined;
  } catch (error) {
    return refusal(`spec.quota.resources: ${error instanceof Error ? error.message : 'is not possible'}`);
  }
}

function refusal(message: string): Refusal {
  return { reason: 'SpecInvalid', message };
}
