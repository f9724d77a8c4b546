import type { KubeClient, KubeObject, ObjectRef, ResourceType } from '@capstan/kube';
import type { Controller } from '@capstan/runtime';
import type { Sample } from '../samples.ts';
import type { Steps } from '../steps.ts';
import type { Headings, Look } from '../table.ts';
import type { Verdict } from '../verdict.ts';

/** One kind that the demo shows, with the operator that runs it: all that tells it from the other kinds. */
export interface Exhibit<T extends KubeObject = KubeObject> {
  /** As in `operators/<system>` and `deploy/<system>-operator`. */
  readonly system: string;
  readonly kind: ResourceType<T>;
  /** What it owns counts as children of a resource. */
  readonly controller: Controller;
  readonly headings: Headings;
  /** How far a resource is, by its own status. */
  verdict(resource: T): Verdict;
  /** What to try once everything stands; with no resource, what needs none. */
  commands(resource: ObjectRef | undefined): readonly Command[];
  /** One sentence without a full stop why it cannot be shown on this machine, and what to do; undefined when it can. */
  obstacle?(): Promise<string | undefined>;
  /** Starts what the operator works with outside the cluster. What is started goes on `backstage.cleanup`. */
  open(backstage: Backstage): Promise<Show<T>>;
}

/** What stands behind the stage for an exhibit to use. */
export interface Backstage {
  /** For the exhibit alone, not made yet; of a run that failed, its `logs` are kept. */
  readonly dir: string;
  readonly steps: Steps;
  /** Aborts when the person has had enough. */
  readonly signal: AbortSignal;
  readonly cleanup: AsyncDisposableStack;
}

/** An exhibit once everything around its operator runs. */
export interface Show<T extends KubeObject = KubeObject> {
  readonly samples: readonly Sample[];
  /** Flags of the operator, beyond those it is shipped with. */
  readonly flags: readonly string[];
  /** What the table shows of a resource now, of one that does not exist as well. */
  look(resource: T | undefined): Look;
  /** Calls the listener when a look may differ although no resource changed. */
  subscribe?(listener: () => void): void;
  /**
   * Shows more, once every resource is ready; resolves with what the last line says of it.
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
  readonly lines: readonly string[];
}
