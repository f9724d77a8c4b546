import type { Guard } from './guard.ts';

/** What is no JSON, or of no known type, is not sent: Druid would only say so less clearly. */
export const specMustBeUnderstood: Guard = (_ingestion, { understanding }) =>
  understanding !== undefined && 'problem' in understanding ? understanding.problem : undefined;
