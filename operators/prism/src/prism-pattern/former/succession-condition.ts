import { childName } from '@capstan/runtime';
import { workloadOf } from '../scaling/target.ts';
import type { PatternSituation } from '../situation.ts';
import type { WantedPatternCondition } from '../wanted-condition.ts';
import type { OriginalObject } from './original-objects.ts';
import { type Succession, successionOf } from './succession.ts';

/** What becomes of the objects that the original operator made; nothing where there are none. */
export function successionCondition(situation: PatternSituation): readonly WantedPatternCondition[] {
  const succession = successionOf(situation);
  if (succession.kind === 'None') return [];
  const message = messageOf(succession, situation);
  return [{ type: 'OriginalRetired', status: 'False', reason: reasons[succession.kind], message }];
}

type Kind = Exclude<Succession['kind'], 'None'>;

const reasons: Readonly<Record<Kind, string>> = {
  Kept: 'NotCarriedOut',
  Waiting: 'WaitingForPods',
  Going: 'BeingDeleted',
  StillMade: 'OriginalAtWork',
};

function messageOf({ kind, objects }: Extract<Succession, { kind: Kind }>, situation: PatternSituation): string {
  const what = `What the original operator made (${objects.map(({ live }) => childName(live)).join(', ')})`;
  switch (kind) {
    case 'Kept':
      return `${what} stays as it is while the pattern is not carried out.`;
    case 'Waiting':
      return `${what} is deleted once ${eventOf(situation)}.${twice(situation)}${unnamed(objects, situation)}`;
    case 'Going':
      return `${what} is being deleted${held(objects)}.`;
    case 'StillMade':
      return `${what} is left alone, for some of it was made after what takes its place: stop the original operator, then delete it by kubectl.${twice(situation)}`;
  }
}

/** What has to happen before they go. */
function eventOf({ observed: { original }, ...situation }: PatternSituation): string {
  const successor = successorOf(situation);
  return original.neverWorked
    ? `${successor} is there: no pod of before was ever ready`
    : `all pods of ${successor} are available; until then the pods of before (${original.readyPods} ready) run on`;
}

function successorOf({ accepted, cluster }: Pick<PatternSituation, 'accepted' | 'cluster'>): string {
  if (accepted === undefined || cluster === undefined) return 'what takes its place';
  const { kind, name } = workloadOf({ pattern: accepted.asked, cluster });
  return `${kind}/${name}`;
}

/** Runners of which each pod gets every message of core NATS. */
const subscribers: ReadonlySet<string | undefined> = new Set(['consumer', 'mailbox']);

function twice({ accepted, observed: { original } }: PatternSituation): string {
  if (!subscribers.has(accepted?.asked.spec.type) || original.readyPods === 0) return '';
  return ' While both run, each of them gets every message: some are worked on twice, and none is missed.';
}

function unnamed(objects: readonly OriginalObject[], situation: PatternSituation): string {
  const service = objects.find(({ live }) => live.kind === 'Service');
  if (service === undefined) return '';
  const [, name] = successorOf(situation).split('/');
  return ` Whoever connects to ${service.live.metadata.name} has to connect to ${name} from then on.`;
}

/** One that does not go although it was deleted. */
function held(objects: readonly OriginalObject[]): string {
  const holders = objects.flatMap(({ live: { kind, metadata } }) =>
    metadata.deletionTimestamp === undefined ? [] : (metadata.finalizers ?? []).map((each) => `${kind} by ${each}`),
  );
  return holders.length === 0 ? '' : `, and held: ${holders.join(', ')}`;
}
