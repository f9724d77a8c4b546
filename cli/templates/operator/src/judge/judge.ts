import type { SampleApp } from '../api/v1alpha1/sample-app.ts';
import type { Guard, Refusal } from './guard.ts';
import { imageMustBePinned } from './image-must-be-pinned.ts';
import { specMustBeValid } from './spec-must-be-valid.ts';

/** In this order; the first refusal is what the user sees. */
const guards: readonly Guard[] = [specMustBeValid, imageMustBePinned];

/** Whether a sample app may be carried out: `undefined`, or why not. */
export function judge(sampleApp: SampleApp): Refusal | undefined {
  for (const guard of guards) {
    const refusal = guard(sampleApp);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}
