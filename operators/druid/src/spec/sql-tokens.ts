/** One piece of a statement; comments and white space are none. */
export type SqlToken =
  /** A word or a number as it stands. */
  | { readonly kind: 'Word'; readonly text: string }
  /** An identifier in double quotes, without them. */
  | { readonly kind: 'Name'; readonly text: string; readonly encoding: Encoding }
  /** A text in single quotes, without them; several in a row are one, as in SQL. */
  | { readonly kind: 'Text'; readonly text: string; readonly encoding: Encoding }
  | { readonly kind: 'Sign'; readonly text: string };

/**
 * Whether letters may be written by their numbers: `Plain` no, `Unicode` as in `U&'\0061'`, `C` as in `E'\u0061'`. Of the last kind, a
 * quote may be written with a backslash, so what is taken for the end of the text may not be it.
 */
export type Encoding = 'Plain' | 'Unicode' | 'C';

/**
 * What a piece may be, the first that fits: white space or a comment, a text with its prefix, a quoted identifier with its prefix, a
 * word, an arrow, an end of a hint, any other character. As Calcite reads them, which Druid parses SQL by: a hint is no comment.
 */
const piece =
  /(?<nothing>\s+|--[^\r\n]*|\/\/[^\r\n]*|\/\*(?!\+)[\s\S]*?(?:\*\/|$))|(?<textPrefix>U&|[EN]|_[\w.:-]{1,64})?'(?<text>[^']*(?:''[^']*)*)(?:'|$)|(?<namePrefix>U&)?"(?<name>[^"]*(?:""[^"]*)*)(?:"|$)|(?<word>[\p{L}\p{N}_$]+)|=>|\/\*\+|\*\/|[\s\S]/giuy;

/** The pieces of a statement, in order. What does not end is taken to go on to the end. */
export function* sqlTokens(statement: string): Generator<SqlToken> {
  let text: Text | undefined;
  for (const { 0: all, groups = {} } of statement.matchAll(piece)) {
    if (groups['nothing'] !== undefined) continue;
    const token = tokenOf(all, groups);
    if (token.kind === 'Text') text = text === undefined ? token : joined(text, token);
    else {
      if (text !== undefined) yield text;
      text = undefined;
      yield token;
    }
  }
  if (text !== undefined) yield text;
}

type Text = Extract<SqlToken, { kind: 'Text' }>;

function joined(before: Text, { text, encoding }: Text): Text {
  return { kind: 'Text', text: before.text + text, encoding: encoding === 'Plain' ? before.encoding : encoding };
}

function tokenOf(all: string, groups: Readonly<Record<string, string | undefined>>): SqlToken {
  const { text, textPrefix = '', name, namePrefix, word } = groups;
  if (text !== undefined)
    return { kind: 'Text', text: text.replaceAll("''", "'"), encoding: encodings[textPrefix.toUpperCase()] ?? 'Plain' };
  if (name !== undefined)
    return { kind: 'Name', text: name.replaceAll('""', '"'), encoding: namePrefix === undefined ? 'Plain' : 'Unicode' };
  return word === undefined ? { kind: 'Sign', text: all } : { kind: 'Word', text: word };
}

const encodings: Readonly<Record<string, Encoding>> = { 'U&': 'Unicode', E: 'C' };
