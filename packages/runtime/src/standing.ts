import type { Standing } from './conditions.ts';
import { contestText, type Outcome } from './controller/outcome.ts';

/**
 * Where a resource stands after its plan was applied, for {@link standardConditions}: Stalled when somebody has to act,
 * Reconciling while work or waiting goes on, else Ready.
 *
 * For operators whose resource is ready when its children are. Others add what they know, and put it first.
 *
 * @example
 * ```ts
 * const outcome = await pass.apply(plan);
 * const wanted = standardConditions(standingOf(outcome));
 * ```
 */
export function standingOf({ failures, contests, waiting, children }: Outcome): Standing {
  const [failure] = failures.toSorted((a, b) => Number(b.terminal) - Number(a.terminal));
  if (failure !== undefined) {
    const { terminal, reason, child, message } = failure;
    return { is: terminal ? 'Stalled' : 'Reconciling', reason, message: failureText(child, message) };
  }
  const [contest] = contests;
  if (contest !== undefined) return { is: 'Stalled', reason: 'DriftContested', message: `${contestText(contest)}.` };
  if (waiting !== undefined) {
    const { reason, message, timedOut } = waiting;
    return { is: timedOut === true ? 'Stalled' : 'Reconciling', reason, message };
  }
  const going = children.find(({ action }) => action === 'Terminating' || action === 'Recreating');
  if (going !== undefined) {
    return { is: 'Reconciling', reason: 'ChildTerminating', message: `${going.child} is being deleted.` };
  }
  return { is: 'Ready', reason: 'UpToDate', message: 'Everything is as the spec says.' };
}

/** Most failures name their child themselves: `Service shop/web: ...`, `StatefulSet/web: ...`. */
function failureText(child: string, message: string): string {
  const [kind = '', name = ''] = child.split('/');
  const [named = ''] = message.split(': ', 1);
  const isNamed =
    named === child || named === `${kind} ${name}` || (named.startsWith(`${kind} `) && named.endsWith(`/${name}`));
  return isNamed ? message : `${child}: ${message}`;
}
