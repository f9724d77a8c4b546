import type { KubeObject, ResourceType } from '@capstan/kube';
import type { Informer } from '../cache/informer.ts';
import type { QueueDepth } from '../queue/work-queue.ts';
import { ControllerRunner, type RunnerOptions } from './controller-runner.ts';
import { formerFinalizersOf } from './former-finalizers.ts';
import type { CallRule, ControllerOptions, OwnedKind, PrimaryKind, Resource } from './reconciler.ts';
import type { WatchDeclaration, WatchedKind } from './watched-kind.ts';

/** An informer's life and health, without its objects. */
export type Watching = Pick<
  Informer<KubeObject>,
  'run' | 'synced' | 'isSynced' | 'health' | 'type' | 'mode' | 'namespace' | 'size' | 'approximateBytes'
>;

/** A queue, and the passes that were cut off and do not end. */
export interface RunnerDepth extends QueueDepth {
  readonly stuck: number;
}

/** What others may know of a controller at work. */
export interface RunnerView {
  /** The controller's. */
  readonly name: string;
  readonly kind: ResourceType;
  /** Passes at once, at most. */
  readonly concurrency: number;
  informers(): readonly Watching[];
  queueDepth(): RunnerDepth;
}

/** A controller at work: caches first, passes once it may write. */
export interface Runner extends RunnerView {
  /** Resolves when every cache has its first snapshot. */
  readonly synced: Promise<unknown>;
  /** Fills the caches and keeps them fresh, until the signal. */
  watch(stop: AbortSignal): Promise<void>;
  /** Works off the queue until `stop`; passes under way may finish and are cut off only by `abandon`. */
  work(stop: AbortSignal, abandon: AbortSignal): Promise<void>;
}

/** A controller as data: what it drives and what it owns. A `Manager` runs it. */
export interface Controller {
  readonly name: string;
  readonly kind: ResourceType;
  readonly owns: readonly OwnedKind[];
  readonly watches: readonly WatchDeclaration[];
  /** The finalizer it puts on its resources, if it has any. */
  readonly finalizer?: string;
  /** Finalizers of earlier operators, which it takes off; absent when there are none. */
  readonly formerFinalizers?: readonly string[];
  /** What its reconciler asks of the API server besides. */
  readonly calls: readonly CallRule[];
  /** Makes the loop that a manager runs. */
  readonly runner: (options: RunnerOptions) => Runner;
}

/**
 * Declares a controller.
 *
 * @example
 * ```ts
 * const greetings = controller(Greeting, {
 *   name: 'greeting-operator',
 *   owns: [owned(ConfigMap)],
 *   reconcile: async (greeting, pass) => {
 *     const outcome = await pass.apply({ steps: [{ name: 'text', objects: [greetingText(greeting)] }] });
 *     return pass.report({ status: statusOf(greeting, outcome) });
 *   },
 * });
 * ```
 * @throws {TypeError} when its own finalizer is among the former ones, and would come and go for ever
 */
export function controller<T extends Resource>(kind: PrimaryKind<T>, options: ControllerOptions<T>): Controller {
  const { name, owns, watches = [], calls = [], finalize } = options;
  const formerFinalizers = formerFinalizersOf(options);
  if (finalize !== undefined && formerFinalizers.includes(finalize.finalizer))
    throw new TypeError(`${finalize.finalizer} is the finalizer of ${name}: it cannot be a former one too`);
  return {
    ...{ name, kind, owns, calls },
    watches: watches.map(declarationOf),
    ...(finalize !== undefined && { finalizer: finalize.finalizer }),
    ...(formerFinalizers.length > 0 && { formerFinalizers }),
    runner: (runnerOptions) => new ControllerRunner(kind, options, runnerOptions),
  };
}

function declarationOf<T extends Resource>({ by, type, mode, optional }: WatchedKind<T>): WatchDeclaration {
  return { by, type, mode, ...(optional !== undefined && { optional }) };
}
