import type { Draft, KubeObject, ObjectRef, ResourceType } from '@capstan/kube';
import type { Controller } from '@capstan/runtime';

/** One operator that the bench takes through its life: all that tells it from the others. */
export interface Subject<T extends KubeObject = KubeObject> {
  /** As in `operators/<system>` and `deploy/<system>-operator`. */
  readonly system: string;
  /** As people call it, such as `StreamBus`. */
  readonly title: string;
  readonly kind: ResourceType<T>;
  /** What it owns is counted. */
  readonly controller: Controller;
  /** Resources of this subject in words that go after a number, such as `clusters of one broker`. */
  readonly clusters: string;
  /** How many there are unless told: enough to see where time and memory go. */
  readonly counts: { readonly full: number; readonly quick: number };
  /** The child that is deleted by hand, to see it come back. */
  readonly spare: {
    readonly type: ResourceType;
    /** Its name in a cluster of this name. */
    readonly nameIn: (cluster: string) => string;
  };
  /** Gives what makes the cluster of a name. Throws an Error when it is read from a file that is not there or holds another kind. */
  draft(): Promise<(ref: ObjectRef & { readonly namespace: string }) => Draft<KubeObject>>;
  /** Whether a cluster says of itself that all of it runs. */
  isRunning(resource: T): boolean;
}
