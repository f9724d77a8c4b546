import type { Draft, Job, JobSpec } from '@capstan/kube';
import { child } from './child.ts';
import type { ChildMetadata } from './metadata.ts';
import { jobName } from './names.ts';
import { type PodOptions, podTemplate } from './pod-template.ts';

/**
 * A Job's spec, with its pods described once. The Job controller makes the selector itself, from the Job's UID.
 *
 * `ttlSecondsAfterFinished` is not here: the Job would vanish, be missed, and run again for ever. Stop naming a Job in the
 * plan to have it removed.
 */
export interface JobOptions
  extends Omit<JobSpec, 'selector' | 'manualSelector' | 'template' | 'ttlSecondsAfterFinished'> {
  readonly pod: PodOptions;
  /** What happens to a failed container; a new pod (`Never`) unless told, so that the failed one can be looked at. */
  readonly restartPolicy?: 'Never' | 'OnFailure';
}

/**
 * A Job whose pods the `restricted` Pod Security Standard admits. Its template can never change: another task, another name.
 * @throws {InvalidChildError} when its pods would not be admitted, or for names that cannot be: at most 63 characters
 */
export function job(metadata: ChildMetadata, options: JobOptions): Draft<Job> {
  return child<Job>(
    { apiVersion: 'batch/v1', kind: 'Job', metadata, spec: jobSpec('Job', metadata, options) },
    jobName,
  );
}

/** The spec of a Job that stands alone or in a CronJob. */
export function jobSpec(kind: string, metadata: ChildMetadata, options: JobOptions): JobSpec {
  const { pod, restartPolicy = 'Never', ...spec } = options;
  return { ...spec, template: podTemplate(pod, { kind, metadata, restartPolicy }) };
}
