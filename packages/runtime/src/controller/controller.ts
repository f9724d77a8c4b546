import type { ResourceType } from '@capstan/kube';
import { ControllerRunner, type RunnerOptions } from './controller-runner.ts';
import type { ControllerOptions, OwnedKind, PrimaryKind, Resource } from './reconciler.ts';

/** A controller as data: what it drives and what it owns. A `Manager` runs it. */
export interface Controller {
  readonly name: string;
  readonly kind: ResourceType;
  readonly owns: readonly OwnedKind[];
  /** Makes the loop that a manager runs. */
  readonly runner: (options: RunnerOptions) => Pick<ControllerRunner<Resource>, 'run' | 'informers'>;
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
 */
export function controller<T extends Resource>(kind: PrimaryKind<T>, options: ControllerOptions<T>): Controller {
  const { name, owns } = options;
  return { name, kind, owns, runner: (runnerOptions) => new ControllerRunner(kind, options, runnerOptions) };
}
