import { isKept, type NamedObject } from '../adoption/sight.ts';
import type { Situation } from './situation.ts';
import type { WantedCondition } from './wanted-condition.ts';

/** Whether everything that the spec names to be taken over is the cluster's; nothing where it names nothing. */
export function adoptedCondition(situation: Situation): readonly WantedCondition[] {
  const { adoption } = situation.cluster.spec;
  if (adoption === undefined) return [];
  const type = 'Adopted';
  const missing = situation.observed.adoption.objects.flatMap((each) => {
    const why = whyNotOurs(each);
    return why === undefined ? [] : [{ each, why }];
  });
  if (missing.length === 0) return [{ type, status: 'True', ...ours(situation) }];
  const isHeld = missing.some(({ each }) => each.holding.is === 'Held');
  const isAbsent = missing.some(({ each }) => each.holding.is === 'Absent');
  const reason = isHeld ? 'HeldByOthers' : isAbsent ? 'NotFound' : 'Waiting';
  const message = `${missing.map(({ each, why }) => `${each.kind}/${each.name} ${why}`).join('; ')}.`;
  return [{ type, status: 'False', reason, message }];
}

/** What nobody named need not be there. */
function whyNotOurs({ holding, isRequired }: NamedObject): string | undefined {
  switch (holding.is) {
    case 'Ours':
      return undefined;
    case 'Absent':
      return isRequired ? 'does not exist' : undefined;
    case 'Held':
      return `belongs to ${holding.by}, and is left alone until that lets go of it`;
    case 'Free':
      return 'is not taken over yet';
  }
}

function ours({ cluster, observed: { adoption } }: Situation): Pick<WantedCondition, 'reason' | 'message'> {
  const kept = (cluster.spec.adoption?.workloads ?? [])
    .map(({ component }) => component)
    .filter((component) => isKept(adoption, component));
  if (kept.length === 0)
    return { reason: 'Replaced', message: 'Everything is taken over, and all pods are made as in a new cluster.' };
  const message = `Everything is taken over. Kept as they are, but for what the spec says of them: ${kept.join(', ')}.`;
  return { reason: 'KeptAsTheyAre', message };
}
