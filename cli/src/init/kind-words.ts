/** A kind's name in every form in which code and files write it. */
export interface KindWords {
  /** `MessageQueue` */
  readonly kind: string;
  /** `messageQueue` */
  readonly camel: string;
  /** `message-queue` */
  readonly kebab: string;
  /** `messagequeue` */
  readonly lower: string;
  /** `message queue` */
  readonly phrase: string;
  /** `messagequeues`, as in the URL */
  readonly plural: string;
}

/**
 * Every form of a kind's name.
 *
 * @param kind PascalCase
 * @param plural lower case; by the rules of English unless told
 *
 * @example
 * ```ts
 * kindWords('HTTPProxy').kebab // 'http-proxy'
 * ```
 */
export function kindWords(kind: string, plural: string = pluralOf(kind.toLowerCase())): KindWords {
  const words = wordsOf(kind);
  const [first = '', ...rest] = words;
  return {
    kind,
    camel: [first.toLowerCase(), ...rest].join(''),
    kebab: words.join('-').toLowerCase(),
    lower: kind.toLowerCase(),
    phrase: words.join(' ').toLowerCase(),
    plural,
  };
}

/** `HTTPProxy` is `HTTP`, `Proxy`. */
function wordsOf(kind: string): readonly string[] {
  return kind.match(/[A-Z]+(?![a-z])\d*|[A-Z][a-z\d]*/g) ?? [kind];
}

/** As client-go's `meta.UnsafeGuessKindToResource`, so that everybody guesses alike. */
function pluralOf(singular: string): string {
  if (/(s|x|z|ch|sh)$/.test(singular)) return `${singular}es`;
  if (/[^aeiou]y$/.test(singular)) return `${singular.slice(0, -1)}ies`;
  return `${singular}s`;
}
