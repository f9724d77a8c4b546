import { SampleApp } from '../api/v1alpha1/sample-app.ts';
import type { Guard } from './guard.ts';

/** The API server checks this at admission; a CRD replaced by hand may have lost its rules, and this is no open door. */
export const specMustBeValid: Guard = (sampleApp) => {
  const [violation] = SampleApp.validate(sampleApp);
  if (violation === undefined) return undefined;
  return { reason: 'SpecInvalid', message: `${violation.path}: ${violation.message}` };
};
