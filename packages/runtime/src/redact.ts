const MASK = '[redacted]';

/** Field names whose value is a secret whatever it is. Names of secrets (`secretName`, `tokenFile`) are not. */
const SECRET_FIELD =
  /^(authorization|cookie|set-cookie|.*password|passwd|passphrase|.*token|.*secret|.*private[-_]?key|client[-_]?key([-_]?data)?|.*api[-_]?key|credentials?|stringdata)$/i;

/** Names of variables that hold a secret, whoever named them; `AWS_ACCESS_KEY` as well. */
const SECRET_VARIABLE = /(passw(or)?d|passphrase|token|secret|credentials?|(secret|api|access|private|client)_?key)$/i;

/** Whether a variable, by its name, holds a secret. Names of Secrets and of files with them do not. */
export function isSecretVariable(name: string): boolean {
  return SECRET_VARIABLE.test(name);
}

/**
 * Secrets that give themselves away inside a text: bearer and basic credentials, JSON web tokens, private keys, passwords in a URL.
 * Each pattern begins at something rare or ends within bounded steps: a line that somebody made long must not cost long.
 */
const SECRET_TEXT: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|(?="|$))/g, MASK],
  [/\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=-]{8,}/gi, `$1 ${MASK}`],
  [/\beyJ[A-Za-z0-9_-]{5,2048}\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*/g, MASK],
  [/(:\/\/[^\s/:@"]*):[^\s/@"]+@/g, `$1:${MASK}@`],
];

/** Deeper than any log field ought to go; also the end of every cycle. */
const DEEPEST = 6;

/** The text, which may be a line of JSON, with everything that looks like a secret masked. */
export function redactText(text: string): string {
  return SECRET_TEXT.reduce((masked, [pattern, mask]) => masked.replace(pattern, mask), text);
}

/**
 * A copy fit for a log: secret fields masked by their name, the contents of a Secret left out. {@link redactText} masks the
 * rest by its look. A last guard and not a licence: what is secret should not get here.
 */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  if (depth >= DEEPEST) return '[too deep]';
  if (Array.isArray(value)) return value.map((item) => redact(item, depth + 1));
  const isSecret = 'kind' in value && value.kind === 'Secret';
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => {
      const isMasked =
        inner !== undefined && inner !== null && (SECRET_FIELD.test(name) || (isSecret && name === 'data'));
      return [name, isMasked ? MASK : redact(inner, depth + 1)];
    }),
  );
}
