import type { ControlPlane } from '@capstan/controlplane';
import type { KubeClient, KubeObject, ObjectRef, ResourceType } from '@capstan/kube';
import type { Controller } from '@capstan/runtime';
import type { Sample } from '../samples.ts';
import type { Steps } from '../steps.ts';
import type { Headings, Look } from '../table.ts';
import type { Verdict } from '../verdict.ts';

/** An operator that the demo runs, as it is shipped; it may run several kinds. */
export interface ShownOperator {
  /** As in `operators/<system>` and `deploy/<system>-operator`. */
  readonly system: string;
  /** Starts what answers its operator in place of what has no process. What is started goes on `backstage.cleanup`. */
  open(backstage: Backstage): Promise<OperatorSurroundings>;
}

/** What an operator is started with, beyond what it is shipped with. */
export interface OperatorSurroundings {
  readonly flags: readonly string[];
  /** Environment variables. */
  readonly env?: Readonly<Record<string, string>>;
  /** Path of a module that is loaded before it, into the same process. */
  readonly preload?: string;
}

/** One kind that the demo shows: all that tells it from the other kinds. */
export interface Exhibit<T extends KubeObject = KubeObject> {
  readonly operator: ShownOperator;
  readonly kind: ResourceType<T>;
  /** What it owns counts as children of a resource. */
  readonly controller: Controller;
  readonly headings: Headings;
  /** It needs more than a moment to come up: nobody waits for it, and it comes in when it is there. */
  readonly comesLater?: true;
  /** Somebody named it: an obstacle then ends the demo, instead of leaving it out. */
  readonly isAskedFor?: boolean;
  /** How far a resource is, by its own status. */
  verdict(resource: T): Verdict;
  /** What to try on a resource once everything stands. */
  commands(resource: ObjectRef): readonly Command[];
  /** Why it is not shown on this machine, and what to do: one sentence without a full stop; undefined when it can be shown. */
  obstacle?(): Promise<string | undefined>;
  /** Starts what its resources work with outside the cluster. What is started goes on `backstage.cleanup`. */
  open(backstage: Backstage): Promise<Show<T>>;
}

/** What stands behind the stage to use. */
export interface Backstage {
  readonly plane: ControlPlane;
  /** Of a person who may do everything. */
  readonly client: KubeClient;
  /** Of the whole demo; see `places`. */
  readonly demoDir: string;
  /** For the exhibit alone, not made yet; of a run that failed, its `logs` are kept. */
  readonly dir: string;
  readonly steps: Steps;
  /** Aborts when the demo ends. */
  readonly signal: AbortSignal;
  readonly cleanup: AsyncDisposableStack;
}

/** An exhibit once everything around its resources runs. */
export interface Show<T extends KubeObject = KubeObject> {
  readonly samples: readonly Sample[];
  /** What the table shows of a resource now, of one that does not exist as well. */
  look(resource: T | undefined): Look;
  /** Calls the listener when a look may differ although no resource changed. */
  subscribe?(listener: () => void): void;
  /**
   * Shows more, once its resources are ready; resolves with what the summary says of it.
   * @throws {DemoFailure} for what was not reached
   */
  act?(scene: Scene): Promise<string>;
}

/** What an act works with. */
export interface Scene {
  /** Of a person who may do everything. */
  readonly client: KubeClient;
  /** Milliseconds that each thing waited for may take. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Prints a line that stays, with the time in front. */
  say(line: string): void;
}

/** A command for a shell, and why one would type it. */
export interface Command {
  readonly why: string;
  readonly line: string;
}
