const QUANTITY = /^([+-]?)(\d+(?:\.\d*)?|\.\d+)(?:([KMGTPE]i)|([numkMGTPE])|[eE]([+-]?\d{1,3}))?$/;

const BINARY: Readonly<Record<string, bigint>> = { Ki: 10n, Mi: 20n, Gi: 30n, Ti: 40n, Pi: 50n, Ei: 60n };
const DECIMAL: Readonly<Record<string, number>> = { n: -9, u: -6, m: -3, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 };

/** Beyond this the server caps quantities; such numbers are compared as text. */
const LARGEST_EXPONENT = 40;

/**
 * The value of a Kubernetes quantity in billionths (the smallest unit there is; the server rounds up to it), or
 * `undefined` for text that is none.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 * @example
 * ```ts
 * quantityInNanos('1Gi') === quantityInNanos('1024Mi') // true
 * ```
 */
export function quantityInNanos(text: string): bigint | undefined {
  const match = QUANTITY.exec(text);
  if (match === null) return undefined;
  const [, sign, digits = '', binary, decimal, exponentText] = match;
  const [whole = '', fraction = ''] = digits.split('.');
  const exponent = (decimal === undefined ? Number(exponentText ?? 0) : (DECIMAL[decimal] ?? 0)) - fraction.length + 9;
  if (Math.abs(exponent) > LARGEST_EXPONENT + fraction.length) return undefined;
  const mantissa = BigInt(whole + fraction) << (binary === undefined ? 0n : (BINARY[binary] ?? 0n));
  const nanos = exponent >= 0 ? mantissa * 10n ** BigInt(exponent) : divideUp(mantissa, 10n ** BigInt(-exponent));
  return sign === '-' ? -nanos : nanos;
}

function divideUp(value: bigint, by: bigint): bigint {
  return (value + by - 1n) / by;
}
