import type { SampleApp } from '../api/v1alpha1/sample-app.ts';

/** Why a sample app is not carried out; the user must change it. */
export interface Refusal {
  /** One word in PascalCase, for machines. */
  readonly reason: string;
  /** A sentence for a person: what is wrong, where, and what to do. */
  readonly message: string;
}

/** One reason not to go on; pure, and one file each. */
export type Guard = (sampleApp: SampleApp) => Refusal | undefined;
