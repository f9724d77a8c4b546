import type { CronJob, CronJobSpec, Draft } from '@capstan/kube';
import { child } from './child.ts';
import { type JobOptions, jobSpec } from './job.ts';
import type { ChildMetadata } from './metadata.ts';
import { cronJobName } from './names.ts';

/** A CronJob's spec, with its Jobs described once. */
export interface CronJobOptions extends Omit<CronJobSpec, 'jobTemplate'> {
  /** Its Jobs; here they may vanish when they have ended, because the CronJob makes the next ones. */
  readonly job: JobOptions & { readonly ttlSecondsAfterFinished?: number };
}

/**
 * Jobs by the clock, which do not overlap unless `concurrencyPolicy` says so; their pods are `restricted`.
 * @throws {InvalidChildError} when their pods would not be admitted, or for names that cannot be: at most 52 characters
 */
export function cronJob(metadata: ChildMetadata, { job, ...spec }: CronJobOptions): Draft<CronJob> {
  const jobTemplate = {
    ...(metadata.labels !== undefined && { metadata: { labels: metadata.labels } }),
    spec: jobSpec('CronJob', metadata, job),
  };
  const whole: CronJobSpec = { concurrencyPolicy: 'Forbid', ...spec, jobTemplate };
  return child<CronJob>({ apiVersion: 'batch/v1', kind: 'CronJob', metadata, spec: whole }, cronJobName);
}
