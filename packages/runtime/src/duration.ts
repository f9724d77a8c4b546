/** A length of time in milliseconds. A plain number is not one, so that no second is ever taken for a millisecond. */
export type Millis = number & { readonly unit: 'ms' };

/** @throws {RangeError} for a length that is negative or not finite */
export function millis(count: number): Millis {
  if (!Number.isFinite(count) || count < 0)
    throw new RangeError(`a length of time must be finite and not negative, not ${count}`);
  // The check above is what the brand stands for.
  return count as Millis;
}

/**
 * @example
 * ```ts
 * seconds(30) // 30_000
 * ```
 * @throws {RangeError} for a length that is negative or not finite
 */
export function seconds(count: number): Millis {
  return millis(count * 1_000);
}

/** @throws {RangeError} for a length that is negative or not finite */
export function minutes(count: number): Millis {
  return seconds(count * 60);
}
