import type { Container, EnvVar } from '@capstan/kube';

/** Names of variables, annotations and flags that stand for a login. */
const word =
  'pass(?:word|wd|phrase)?|secret|token|credentials?|user(?:name)?|requirepass|(?:access|api|private|auth|encryption)[-_.]?key';
const credentialName = new RegExp(`(?:${word}|[-_.]auth|[-_.]dsn|[-_.]key)(?![a-z])|^(?:auth|dsn|key)$`, 'i');
/** A word of a login followed by a value: `--password x`, `password=x`, `"token": "x"`. */
const credentialInText = new RegExp(`(?:${word})(?:[-_.a-z0-9]*)["']?(?:\\s*[=:]\\s*|\\s+)["']?[^\\s"']`, 'i');
/** The login of a URL, anywhere in a text. A password that nobody escaped may hold anything. */
const loginInUrl = /[a-z][a-z0-9+.-]*:\/\/.*@/is;

/** Shorter ones, such as `prism`, stand in many texts that have nothing to do with them. */
const shortestSearched = 8;

/** Whether a text seems to hold a login: of two such mistakes the harmless one is to leave a value out. */
export function holdsCredential(text: string): boolean {
  return loginInUrl.test(text) || credentialInText.test(text);
}

/** Whether a name, or what stands under it, seems to be a login. An empty value is none. */
export function isCredential(name: string, value: string): boolean {
  return value !== '' && (credentialName.test(name) || holdsCredential(value));
}

/** Knows the credentials that are in a set of containers, to keep them out of all that is written. */
export class CredentialGuard {
  readonly #known: readonly string[];

  constructor(containers: readonly Container[]) {
    this.#known = containers
      .flatMap(({ env = [] }) => env)
      .flatMap(({ name, value = '' }) => (isCredential(name, value) ? secretPartsOf(value) : []))
      .filter(({ length }) => length >= shortestSearched);
  }

  /** Whether a variable may not be written as it is. One that only refers to its value may. */
  withholdsVariable({ name, value }: EnvVar): boolean {
    return value !== undefined && this.withholds(name, value);
  }

  /** Whether a value may not be written under its name, or at all. */
  withholds(name: string, value: string): boolean {
    return isCredential(name, value) || this.#known.some((secret) => value.includes(secret));
  }

  /** Whether words of a command line may not be written. */
  withholdsWords(words: readonly string[]): boolean {
    return words.length > 0 && [words.join(' '), ...words].some((text) => this.withholds('', text));
  }
}

/** The value itself, and the password in it where it is a URL. */
function secretPartsOf(value: string): readonly string[] {
  const password = /:\/\/[^:@]*:(?<password>.*)@/s.exec(value)?.groups?.['password'];
  return password === undefined ? [value] : [value, password];
}
