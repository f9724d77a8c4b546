import type { DruidConnection } from '../druid/druid-connection.ts';
import type { Outside } from '../outside.ts';
import { Conversation } from './conversation.ts';
import { NotAnswered, type Trouble } from './not-answered.ts';

/** What came of a talk with Druid. `Busy`: there was no room for one, and nothing was asked. */
export type Turn =
  | { readonly kind: 'Talked'; readonly trouble: Trouble | undefined; readonly lastHttpStatus: number | undefined }
  | { readonly kind: 'Busy' };

/** Ends with which Druid shows that it is there, although it could not do what it was asked. */
const audible: readonly string[] = ['Unavailable', 'NotDruid', 'NotAllowed', 'Untrusted'];

/** Talks with one Druid, unless others do already, or it was silent a moment ago. */
export async function takeTurn(
  connection: DruidConnection,
  { druid, lanes, figures }: Outside,
  talk: (druid: Conversation) => Promise<void>,
): Promise<Turn> {
  const lane = lanes.enter(connection.url);
  if ('because' in lane) return lane.because === 'Full' ? { kind: 'Busy' } : resting;
  const conversation = new Conversation(druid(connection), figures.count);
  let trouble: Trouble | undefined;
  try {
    await talk(conversation);
  } catch (error) {
    if (!(error instanceof NotAnswered)) throw error;
    trouble = error.trouble;
  } finally {
    lane.leave(trouble?.kind === 'Unreachable' && !audible.includes(trouble.reason ?? ''));
  }
  return { kind: 'Talked', trouble, lastHttpStatus: conversation.lastStatus };
}

const resting: Turn = {
  kind: 'Talked',
  trouble: { kind: 'Unreachable', message: 'Druid did not answer a moment ago, and is left alone for a while' },
  lastHttpStatus: undefined,
};
