import { type Understanding, understand, type Written } from './understand.ts';

/**
 * How much text is remembered, in characters; what is made of it takes several times that. More texts than this are understood again
 * now and then.
 */
const mostCharacters = 8_000_000;

interface Remembered extends Written {
  readonly understanding: Understanding;
}

/** What texts were found to say, by the text, those that were asked for last at the end. */
const known = new Map<string, Remembered>();
let characters = 0;

/**
 * The same as {@link understand}, for a text that is asked for over and over: in the index of claims, in each pass, and for each
 * rival.
 */
export function understandOnce(written: Written): Understanding {
  const { spec: text } = written;
  if (typeof text !== 'string') return understand(written);
  const before = known.get(text);
  const isSame = before?.type === written.type && before.fallbackId === written.fallbackId;
  const understanding = isSame ? before.understanding : understand(written);
  remember(text, { ...written, understanding });
  return understanding;
}

function remember(text: string, found: Remembered): void {
  if (!known.delete(text)) characters += text.length;
  known.set(text, found);
  for (const oldest of known.keys()) {
    if (characters <= mostCharacters) return;
    known.delete(oldest);
    characters -= oldest.length;
  }
}
