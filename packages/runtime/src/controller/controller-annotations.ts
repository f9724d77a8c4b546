import type { KubeObject, ResourceType } from '@capstan/kube';

/** What a person may write on a resource to tell the runtime something; the names begin with the group of its kind. */
export interface ControllerAnnotations {
  /** `"true"`: nothing but the status is written for this resource. */
  readonly paused: string;
  /** `"true"`: a resource that is being deleted is let go without cleaning up. */
  readonly skipFinalizer: string;
}

export function annotationsOf({ group }: ResourceType): ControllerAnnotations {
  return { paused: `${group}/paused`, skipFinalizer: `${group}/skip-finalizer` };
}

/** Whether the resource carries the annotation with the value `true`. */
export function isSet(resource: KubeObject, annotation: string): boolean {
  return resource.metadata.annotations?.[annotation] === 'true';
}
