import type { Situation } from '../status/situation.ts';
import type { Explanation, WantedCondition } from '../status/wanted-condition.ts';
import { offeredMembers, offerText } from './opt-in.ts';
import { stepText } from './step-text.ts';

/** What happens to a prism-admin that is bootstrapped anew; `undefined` while it is not. */
export function rebootstrapping({ observed }: Situation): Explanation | undefined {
  const { rebootstrap } = observed;
  return rebootstrap && { reason: 'Rebootstrapping', message: stepText(rebootstrap, observed) };
}

/** What it would cost to bootstrap prism-admin anew, once somebody has agreed to it. */
export function rebootstrapOffer({ cluster, observed }: Situation): readonly WantedCondition[] {
  const to = offeredMembers(cluster, observed);
  if (to === undefined) return [];
  const message = `${offerText(cluster, to, observed)}.`;
  return [{ type: 'AdminRebootstrapOffered', status: 'True', reason: 'OptedIn', message }];
}
