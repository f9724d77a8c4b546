import { StreamBusCluster } from '../api/v1alpha1/stream-bus-cluster.ts';
import type { Guard } from './guard.ts';

/** The API server has checked this already, unless the CRD there is an older one or has lost its rules. */
export const specMustBeValid: Guard = ({ status: _ours, ...asked }) => {
  const violations = StreamBusCluster.validate(asked);
  if (violations.length === 0) return undefined;
  const sentences = violations.map(({ path, message }) => `${path}: ${message}`);
  return { reason: 'SpecInvalid', message: sentences.join('; ') };
};
