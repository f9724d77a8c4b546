import type { ConditionType } from '../api/v1alpha1/conditions.ts';
import { rebootstrapping } from '../rebootstrap/rebootstrap-conditions.ts';
import type { ComponentState } from './component-state.ts';
import { listed, reasonOf } from './progress.ts';
import type { Situation } from './situation.ts';
import type { WantedCondition } from './wanted-condition.ts';

interface Group {
  readonly type: Extract<ConditionType, 'BackendsHealthy' | 'ProxyHealthy' | 'PatternsHealthy'>;
  readonly part: ComponentState['part'];
  /** What there is of them, in the plural. */
  readonly what: string;
}

const groups: readonly Group[] = [
  { type: 'BackendsHealthy', part: 'backend', what: 'backends' },
  { type: 'ProxyHealthy', part: 'proxy', what: 'proxies' },
  { type: 'PatternsHealthy', part: 'pattern', what: 'patterns' },
];

/** How each part of the cluster is. */
export function healthConditions(situation: Situation): readonly WantedCondition[] {
  return [...groups.map((group) => groupHealth(group, situation)), adminHealth(situation)];
}

function groupHealth({ type, part, what }: Group, { components, isFirstStart }: Situation): WantedCondition {
  const all = components.filter((each) => each.part === part);
  const missing = all.filter(({ isAvailable }) => !isAvailable);
  if (all.length === 0) return { type, status: 'True', reason: 'NoneAskedFor', message: `There are no ${what}.` };
  if (missing.length === 0) return { type, status: 'True', reason: 'AllReady', message: `All ${what} are available.` };
  const reason = missing.find(({ obstacle }) => obstacle !== undefined)?.obstacle?.reason;
  return { type, status: 'False', reason: reason ?? reasonOf(missing, isFirstStart), message: `${listed(missing)}.` };
}

/** Ready is not enough: members that are ready stay so when nobody leads, and then nothing can be written. */
function adminHealth(situation: Situation): WantedCondition {
  const { components, isFirstStart, observed, members } = situation;
  const type = 'AdminHealthy';
  // In its last step it works already: only namespaces are still to come.
  const isAway = observed.rebootstrap !== undefined && observed.rebootstrap.step !== 'Replaying';
  const underWay = isAway ? rebootstrapping(situation) : undefined;
  if (underWay !== undefined) return { type, status: 'False', ...underWay };
  const missing = components.filter(({ part, isAvailable }) => part === 'admin' && !isAvailable);
  const { leadership } = observed;
  if (missing.length > 0) {
    const isUsable = members > 1 && leadership.kind === 'One';
    const message = `${listed(missing)}.${isUsable ? ` ${leadership.leader} leads: namespaces can be written.` : ''}`;
    return { type, status: 'False', reason: reasonOf(missing, isFirstStart), message };
  }
  switch (leadership.kind) {
    case 'One':
      return { type, status: 'True', reason: 'OneLeader', message: 'All members run, and exactly one of them leads.' };
    case 'None': {
      const message = 'All members that run have answered, and none of them leads: nothing can be written.';
      return { type, status: 'False', reason: 'NoLeader', message };
    }
    case 'Several': {
      const message = `${leadership.leaders.join(' and ')} all say that they lead.`;
      return { type, status: 'False', reason: 'SeveralLeaders', message };
    }
    case 'Unknown':
      return {
        type,
        status: 'Unknown',
        reason: 'LeaderUnknown',
        message: `All members run; who leads is not known: ${leadership.why}.`,
      };
  }
}
