import type { TenantPolicy } from './proxy-settings.ts';

/** HAProxy counts bytes per second in 32 bits. */
export const highestMBps = 4095;

/** Each class costs every connection two filters. */
export const mostClasses = 32;

/** All tenants whose bandwidth is from `fromMBps` to `toMBps` get the limit of their class. */
export interface BandwidthClass {
  readonly limitMBps: number;
  readonly fromMBps: number;
  /** No upper end unless told. */
  readonly toMBps?: number;
}

/**
 * The distinct limits of a policy, in ascending order, each with the values it is for.
 *
 * The limit of a class is fixed as long as HAProxy runs; a tenant can move between classes at any time. A value without a
 * class, because it is new or there are more than {@link mostClasses}, gets the next lower limit: never more than asked for,
 * except below the lowest.
 */
export function bandwidthClasses({ defaults, overrides }: TenantPolicy): readonly BandwidthClass[] {
  const asked = [defaults, ...overrides.map(({ limits }) => limits)].flatMap(({ maxBandwidthMBps }) =>
    maxBandwidthMBps === undefined ? [] : [Math.min(maxBandwidthMBps, highestMBps)],
  );
  const limits = evenly([...new Set(asked)].sort((a, b) => a - b));
  return limits.map((limitMBps, index) => {
    const next = limits[index + 1];
    return { limitMBps, fromMBps: index === 0 ? 1 : limitMBps, ...(next !== undefined && { toMBps: next - 1 }) };
  });
}

/** At most so many of them, the lowest among them. */
function evenly(sorted: readonly number[]): readonly number[] {
  const step = Math.ceil(sorted.length / mostClasses);
  return sorted.filter((_, index) => index % step === 0);
}
