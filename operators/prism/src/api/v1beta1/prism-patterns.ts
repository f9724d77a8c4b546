import { spoke, type VersionedResource, versionedResource } from '@capstan/crd';
import { fromHub, toHub } from './conversion.ts';
import { FormerPrismPattern } from './former-version.ts';
import { PrismPattern } from './prism-pattern.ts';

/**
 * PrismPattern in both of its versions: v1beta1, which is stored and which the operator works with, and v1alpha1, converted. What
 * one of them has no place for is kept in the annotation `prism.io/conversion-data`.
 */
export const PrismPatterns: VersionedResource<typeof PrismPattern> = versionedResource({
  hub: PrismPattern,
  spokes: [
    spoke(FormerPrismPattern, PrismPattern).by({
      toHub,
      fromHub,
      deprecated: 'prism.io/v1alpha1 PrismPattern is the shape of an earlier operator: use prism.io/v1beta1',
    }),
  ],
});
