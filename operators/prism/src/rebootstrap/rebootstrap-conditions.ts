import type { Situation } from '../status/situation.ts';
import type { Explanation, WantedCondition } from '../status/wanted-condition.ts';
import { offeredMembers, offerText } from './opt-in.ts';
import { stepText } from './step-text.ts';

/** What happens to a prism-admin that is bootstrapped anew, or why it cannot be; `undefined` while it is not to be. */
export function rebootstrapping({ observed }: Situation): Explanation | undefined {
  const { rebootstrap, rebootstrapObstacle } = observed;
  const reason = 'Rebootstrapping';
  if (rebootstrap !== undefined) return { reason, message: stepText(rebootstrap, observed) };
  if (rebootstrapObstacle === undefined) return undefined;
  return { reason, message: `prism-admin goes on as it is and is not bootstrapped anew yet: ${rebootstrapObstacle}.` };
}

/** What it would cost to bootstrap prism-admin anew, once somebody has agreed to it. */
export function rebootstrapOffer({ cluster, observed }: Situation): readonly WantedCondition[] {
  const to = offeredMembers(cluster, observed);
  if (to === undefined) return [];
  const message = `${offerText(cluster, to, observed)}.`;
  return [{ type: 'AdminRebootstrapOffered', status: 'True', reason: 'OptedIn', message }];
}
