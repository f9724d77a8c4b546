import type { PrismPatternSpec } from '../api/v1beta1/prism-pattern.ts';

/** Parameters of triggers that are secret; those that name a variable end otherwise. */
const secretKey =
  /(?:password|passwd|pwd|passphrase|secret|token|credentials?|connectionstring|customauthvalue|(?:secret|api|app|access|account|private|primary|master)key)$/i;

/** Named as secrets are, without being any. */
const harmlessKeys: ReadonlySet<string> = new Set(['leasetoken']);

/**
 * What gives a secret away in the middle of a value. Whatever may repeat starts behind something that it cannot contain, so that no
 * part of a value is searched from more than a few places, whoever wrote it.
 */
const secretTexts: readonly RegExp[] = [
  // `user:password@host`, with a scheme before it or not.
  /(?:^|[\s/?#@])[^\s/?#@:]*:[^\s/?#@]+@/,
  /(?:password|passwd|pwd)["']?\s*[:=]\s*["']?[^\s"'=~;&]/i,
  // A quoted value without spaces is a selector of PromQL far more often than a secret.
  /(?:passphrase|secret|token|(?:api|app|access|account|private|secret)[-_]?key)=[^\s"'=~;&]/i,
  /[?&]sig=[^\s&]/i,
  /authorization["']?\s*[:=]\s*["']?[^\s"'=~]/i,
  /-----BEGIN [A-Z ]*PRIVATE KEY/,
];

/**
 * The fields of triggers that hold what is secret in plain sight, as far as that is recognized by name or shape. KEDA would take it,
 * and everybody who may read the pattern would read it. Takes time in proportion to the length of the values.
 * @returns paths, never a value
 */
export function plainSecrets({ autoscaling }: Pick<PrismPatternSpec, 'autoscaling'>): readonly string[] {
  return (autoscaling?.triggers ?? []).flatMap(({ metadata }, index) =>
    Object.entries(metadata)
      .filter(([key, value]) => isPlainSecret(key, value))
      .map(([key]) => `spec.autoscaling.triggers[${index}].metadata.${key}`),
  );
}

/** Whether a value is secret, by its name or by its shape. */
export function isPlainSecret(name: string, value: string): boolean {
  return isSecretKey(name) || givesSecretAway(value);
}

function isSecretKey(key: string): boolean {
  const word = key.replaceAll(/[-_.]/g, '');
  return secretKey.test(word) && !harmlessKeys.has(word.toLowerCase());
}

function givesSecretAway(value: string): boolean {
  return secretTexts.some((text) => text.test(value));
}
