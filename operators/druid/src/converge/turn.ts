import type { Millis } from '@capstan/runtime';
import type { TurnEnd } from '../connection/druid-lanes.ts';
import type { DruidConnection } from '../druid/druid-connection.ts';
import type { Outside } from '../outside.ts';
import { Conversation } from './conversation.ts';
import { NotAnswered, type Trouble } from './not-answered.ts';

/** What came of a talk with Druid. `isResting`: nothing was asked, for it gave no answer a moment ago. `Busy`: there was no room for one, nothing was asked, and it is time again after `afterMs`. */
export type Turn =
  | {
      readonly kind: 'Talked';
      readonly trouble: Trouble | undefined;
      readonly lastHttpStatus: number | undefined;
      readonly isResting?: true;
    }
  | { readonly kind: 'Busy'; readonly afterMs: Millis };

/** Ends with which Druid shows that it is there, although it could not do what it was asked. */
const audible: readonly string[] = ['Unavailable', 'NotDruid', 'NotAllowed', 'Untrusted'];

/** Talks with one Druid, unless others do already, or it was silent a moment ago. */
export async function takeTurn(
  connection: DruidConnection,
  { druid, lanes, figures }: Outside,
  talk: (druid: Conversation) => Promise<void>,
): Promise<Turn> {
  const lane = lanes.enter(connection.url, connection.caller ?? '');
  if ('because' in lane) return lane.because === 'Full' ? { kind: 'Busy', afterMs: lane.afterMs } : resting;
  let end: TurnEnd = 'Unknown';
  try {
    const conversation = new Conversation(druid(connection), figures.count);
    const trouble = await troubleOf(talk(conversation));
    end = endOf(trouble);
    return { kind: 'Talked', trouble, lastHttpStatus: conversation.lastStatus };
  } finally {
    lane.leave(end);
  }
}

async function troubleOf(talk: Promise<void>): Promise<Trouble | undefined> {
  try {
    await talk;
    return undefined;
  } catch (error) {
    if (error instanceof NotAnswered) return error.trouble;
    throw error;
  }
}

function endOf(trouble: Trouble | undefined): TurnEnd {
  if (trouble?.kind !== 'Unreachable' || audible.includes(trouble.reason ?? '')) return 'Answered';
  if (trouble.reason === 'NoConnection') return 'NoConnection';
  return trouble.asked === 'Change' ? 'Unknown' : 'Silent';
}

const resting: Turn = {
  kind: 'Talked',
  trouble: { kind: 'Unreachable', message: 'Druid did not answer a moment ago, and is left alone for a while' },
  lastHttpStatus: undefined,
  isResting: true,
};
