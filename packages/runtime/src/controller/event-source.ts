import type { ObjectRef } from '@capstan/kube';

/** Something outside Kubernetes that says when a resource must be looked at: a queue, a webhook of a cloud, a socket. */
export interface EventSource {
  /** For logs. */
  readonly name: string;
  /**
   * Listens until `signal` aborts. It runs only while this process leads. When it ends before, by an error or not, it is run
   * again after a pause that grows with its failures.
   *
   * @param emit starts a pass of the resource, if there is one of that name; `reason` is for people
   */
  run(emit: (ref: ObjectRef, reason: string) => void, signal: AbortSignal): Promise<void>;
}
