/**
 * A Kubernetes quantity, held exactly in billionths. What is finer than a billionth is rounded up, away from zero.
 * https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 */
export class Quantity {
  readonly nano: bigint;

  constructor(nano: bigint) {
    this.nano = nano;
  }

  /** Reads `500m`, `1.5Gi`, `2e3`; undefined when the text is no quantity. */
  static parse(text: string): Quantity | undefined {
    const match = QUANTITY.exec(text);
    if (match === null || text === '') return undefined;
    const [, sign = '', whole = '', fraction = '', suffix = ''] = match;
    if (text === sign) return new Quantity(0n);
    if (whole === '' && fraction === '') return undefined;
    const scale = scaleOf(suffix);
    if (scale === undefined) return undefined;
    const exact = roundUp(
      BigInt(`${whole}${fraction}`) * NANO * scale.times,
      10n ** BigInt(fraction.length) * scale.over,
    );
    const magnitude = suffix.endsWith('i') && exact > LARGEST_BINARY ? LARGEST_BINARY : exact;
    return new Quantity(sign === '-' ? -magnitude : magnitude);
  }

  compareTo(other: Quantity): -1 | 0 | 1 {
    if (this.nano === other.nano) return 0;
    return this.nano < other.nano ? -1 : 1;
  }

  plus(other: Quantity): Quantity {
    return new Quantity(this.nano + other.nano);
  }

  minus(other: Quantity): Quantity {
    return new Quantity(this.nano - other.nano);
  }

  /** The value as a 64-bit integer, or undefined where it is none. */
  toInteger(): bigint | undefined {
    if (this.nano % NANO !== 0n) return undefined;
    const value = this.nano / NANO;
    return value === BigInt.asIntN(64, value) ? value : undefined;
  }

  toNumber(): number {
    return Number(this.nano) / 1e9;
  }
}

const NANO = 1_000_000_000n;
/** The API server holds no binary quantity above 2^63 - 1. */
const LARGEST_BINARY = (2n ** 63n - 1n) * NANO;
const QUANTITY = /^([+-]?)(\d*)(?:\.(\d*))?(|[numkMGTPE]|[KMGTPE]i|[eE][+-]?\d+)$/;
const DECIMAL = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'];
const BINARY = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];

interface Scale {
  readonly times: bigint;
  readonly over: bigint;
}

function scaleOf(suffix: string): Scale | undefined {
  const binary = BINARY.indexOf(suffix);
  if (binary > 0) return { times: 1024n ** BigInt(binary), over: 1n };
  const decimal = DECIMAL.indexOf(suffix);
  const exponent = decimal >= 0 ? 3 * (decimal - 3) : Number(suffix.slice(1));
  if (Math.abs(exponent) > 100) return undefined;
  return exponent >= 0 ? { times: 10n ** BigInt(exponent), over: 1n } : { times: 1n, over: 10n ** BigInt(-exponent) };
}

function roundUp(value: bigint, by: bigint): bigint {
  return (value + by - 1n) / by;
}
