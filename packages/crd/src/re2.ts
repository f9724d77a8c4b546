/**
 * Turns a pattern in Go's RE2 syntax into a JavaScript expression that matches the same strings.
 *
 * Kubernetes matches with RE2, JavaScript with ECMAScript syntax; they differ in what `.`, `\s` and a few escapes mean, and each
 * has constructs the other lacks. Only what means the same in both, or can be put so, is let through.
 *
 * @throws SyntaxError when the pattern is not valid RE2 or uses a construct that cannot be put in JavaScript
 */
export function compileRe2(pattern: string): RegExp {
  const { flags, rest } = leadingFlags(pattern);
  return new RegExp(
    translate(rest, flags.includes('s')),
    `u${flags.includes('i') ? 'i' : ''}${flags.includes('m') ? 'm' : ''}`,
  );
}

/** Only a flag group at the very start: `(?i)`, `(?s)`, `(?m)`, or several. */
function leadingFlags(pattern: string): { flags: string; rest: string } {
  const match = /^\(\?([ims]+)\)/.exec(pattern);
  if (match === null) return { flags: '', rest: pattern };
  if (match[1]?.includes('i')) refuse(pattern, '(?i), because the two fold letters differently; write both cases');
  return { flags: match[1] ?? '', rest: pattern.slice(match[0].length) };
}

function translate(pattern: string, dotMatchesNewline: boolean): string {
  let out = '';
  let position = 0;
  while (position < pattern.length) {
    const [text, length] = nextToken(pattern, position, dotMatchesNewline);
    out += text;
    position += length;
  }
  return out;
}

type Token = readonly [text: string, length: number];

function nextToken(pattern: string, at: number, dotMatchesNewline: boolean): Token {
  const char = String.fromCodePoint(pattern.codePointAt(at) ?? 0);
  switch (char) {
    case '\\':
      return escapeSequence(pattern, at, false);
    case '[':
      return characterClass(pattern, at);
    case '.':
      return [dotMatchesNewline ? '[\\s\\S]' : '[^\\n]', 1];
    case '(':
      return group(pattern, at);
    case '{':
      return repetition(pattern, at);
    case '}':
    case ']':
      return [`\\${char}`, 1];
    default:
      return [char, char.length];
  }
}

function group(pattern: string, at: number): Token {
  if (pattern[at + 1] !== '?') return ['(', 1];
  if (pattern.startsWith('(?:', at)) return ['(?:', 3];
  const named = /^\(\?P?<([A-Za-z_]\w*)>/.exec(pattern.slice(at));
  if (named !== null) return [`(?<${named[1] ?? ''}>`, named[0].length];
  return refuse(pattern, `the group at position ${at}: lookaround is not RE2, and flags may stand only at the start`);
}

/** A `{` that does not begin a repetition is an ordinary character in RE2. */
function repetition(pattern: string, at: number): Token {
  const match = /^\{(\d+)(,(\d*))?\}/.exec(pattern.slice(at));
  if (match === null) return ['\\{', 1];
  if (Math.max(Number(match[1]), Number(match[3] || 0)) > 1000) refuse(pattern, 'a repetition above 1000');
  return [match[0], match[0].length];
}

const PERL_CLASSES: Readonly<Record<string, string>> = { d: '0-9', w: '0-9A-Za-z_', s: '\\t\\n\\f\\r ' };
const SAME_ESCAPES = /^\\([tnrfv\\.+*?()|[\]{}^$/-]|x[0-9A-Fa-f]{2}|p\{[A-Za-z_]+\}|P\{[A-Za-z_]+\})/;

function escapeSequence(pattern: string, at: number, inClass: boolean): Token {
  const next = pattern[at + 1] ?? refuse(pattern, 'a lone backslash at the end');
  const perl = PERL_CLASSES[next.toLowerCase()];
  if (perl !== undefined) return perlClass(pattern, next, perl, inClass);
  const assertion = inClass ? undefined : ASSERTIONS[next];
  if (assertion !== undefined) return [assertion, 2];
  const codePoint = /^\\x\{([0-9A-Fa-f]{1,6})\}/.exec(pattern.slice(at));
  if (codePoint !== null) return [`\\u{${codePoint[1] ?? ''}}`, codePoint[0].length];
  const same = SAME_ESCAPES.exec(pattern.slice(at));
  if (same !== null) return [next === '-' && !inClass ? '-' : same[0], same[0].length];
  if (/[!-/:-@[-`{-~]/.test(next)) return [next, 2];
  return refuse(pattern, `the escape \\${next}`);
}

function perlClass(pattern: string, letter: string, members: string, inClass: boolean): Token {
  if (letter === letter.toLowerCase()) return [inClass ? members : `[${members}]`, 2];
  return inClass ? refuse(pattern, `\\${letter} inside a class`) : [`[^${members}]`, 2];
}

/** Start and end of the text, and word boundaries, which both define by ASCII letters. */
const ASSERTIONS: Readonly<Record<string, string>> = { A: '(?<![\\s\\S])', z: '(?![\\s\\S])', b: '\\b', B: '\\B' };

const POSIX_CLASSES: Readonly<Record<string, string>> = {
  alnum: '0-9A-Za-z',
  alpha: 'A-Za-z',
  digit: '0-9',
  lower: 'a-z',
  upper: 'A-Z',
  word: '0-9A-Za-z_',
  xdigit: '0-9A-Fa-f',
  space: '\\t\\n\\v\\f\\r ',
  blank: '\\t ',
};

function characterClass(pattern: string, at: number): Token {
  let position = at + 1;
  let out = '[';
  if (pattern[position] === '^') {
    out += '^';
    position += 1;
  }
  const start = position;
  while (pattern[position] !== ']' || position === start) {
    if (position >= pattern.length) return refuse(pattern, 'a character class that is not closed');
    const [text, length] = classMember(pattern, position);
    out += text;
    position += length;
  }
  return [`${out}]`, position + 1 - at];
}

function classMember(pattern: string, at: number): Token {
  const char = String.fromCodePoint(pattern.codePointAt(at) ?? 0);
  if (char === '\\') return escapeSequence(pattern, at, true);
  const posix = /^\[:([a-z]+):\]/.exec(pattern.slice(at));
  if (posix !== null) {
    const members = POSIX_CLASSES[posix[1] ?? ''] ?? refuse(pattern, `the class ${posix[0]}`);
    return [members, posix[0].length];
  }
  return ['[]^'.includes(char) ? `\\${char}` : char, char.length];
}

function refuse(pattern: string, construct: string): never {
  throw new SyntaxError(`the pattern ${JSON.stringify(pattern)} cannot be used: ${construct}`);
}
