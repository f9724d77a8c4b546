import { systemClock } from '@capstan/kube';
import { letDepart } from './departures.ts';
import { OperatorAtWork } from './operator-at-work.ts';
import { releaseAll } from './release.ts';
import { unconvertible } from './unconvertible.ts';
import type { Uninstalling, UninstallOptions } from './uninstall-options.ts';
import { leaveConversions, removeConfigurations } from './webhook-leftovers.ts';

/**
 * Takes an operator down so that nothing waits for it any more, and nothing is lost: lets it finish what is being deleted, stops
 * it, removes its webhook configurations, and takes its finalizers off its resources. Custom resources, what was made for
 * them, and definitions stay. Does no harm when it is run again, or where parts are gone already.
 *
 * @example
 * ```ts
 * const operator = { name: 'greeting-operator', controllers: [greetings] };
 * const remains = await uninstall({ client, operator, namespace: 'greetings', timeoutMs: seconds(60), tell: console.log });
 * ```
 * @returns what could not be done, a line each; nothing when all is done
 * @throws {ApiError} when the API server refuses something on the way to stopping the operator; nothing was released then
 */
export async function uninstall(options: UninstallOptions): Promise<readonly string[]> {
  const uninstalling: Uninstalling = { ...options, clock: options.clock ?? systemClock };
  const { isDryRun = false, isForced = false, tell } = uninstalling;
  const stuck = await unconvertible(uninstalling);
  if (stuck.length > 0 && !isForced) return stuck;
  const operator = new OperatorAtWork(uninstalling);
  if (!isDryRun) await letDepart(operator, uninstalling);
  const holder = isDryRun ? undefined : await operator.stop();
  if (holder !== undefined && !isForced)
    return [`the operator is still at work (${holder}), and would put its finalizers back: stop it, or --force`];
  if (holder !== undefined) tell(`going on although the operator is still at work (${holder})`);
  const left = await removeConfigurations(uninstalling);
  const unchanged = await leaveConversions(uninstalling);
  const held = await releaseAll(uninstalling);
  return [...stuck, ...left, ...unchanged, ...held, ...(isDryRun || isForced ? [] : await returned(operator))];
}

/** A tool that keeps a Deployment as it is in a repository scales it up again. */
async function returned(operator: OperatorAtWork): Promise<readonly string[]> {
  const holder = await operator.holder();
  if (holder === undefined) return [];
  return [`the operator came back (${holder}), and puts its finalizers on again: stop what starts it, then this again`];
}
