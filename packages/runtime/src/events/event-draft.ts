import { isReason } from '../reason.ts';

/** One thing worth telling the user about an object. */
export interface EventDraft {
  readonly type: 'Normal' | 'Warning';
  /** Why: one word in PascalCase, at most 128 characters, such as `DriftRepaired`. */
  readonly reason: string;
  /** What was done or attempted: one word, at most 128 characters, such as `Apply`. */
  readonly action: string;
  /** A sentence for a person; cut at 1,024 bytes. */
  readonly note: string;
}

const LONGEST_ACTION = 128;
const LONGEST_NOTE_BYTES = 1_024;

/** What keeps a draft from being an event; `undefined` when nothing does. */
export function faultOf({ reason, action }: EventDraft): string | undefined {
  if (!isReason(reason)) return 'its reason is not one word in PascalCase of at most 128 characters';
  if (action === '' || action.length > LONGEST_ACTION) return `its action must have 1 to ${LONGEST_ACTION} characters`;
  return undefined;
}

/** The note, cut to the 1,024 bytes that events.k8s.io/v1 allows, never inside a character. */
export function fittingNote(note: string): string {
  const bytes = Buffer.from(note, 'utf8');
  if (bytes.length <= LONGEST_NOTE_BYTES) return note;
  const mark = '…';
  let end = LONGEST_NOTE_BYTES - Buffer.byteLength(mark);
  // 10xxxxxx: inside a character.
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return `${bytes.subarray(0, end).toString('utf8')}${mark}`;
}

/** RFC 3339 with exactly six fractional digits, the only form a MicroTime is accepted in. */
export function microTime(epochMs: number): string {
  return new Date(epochMs).toISOString().replace(/(\.\d{3})Z$/, '$1000Z');
}
