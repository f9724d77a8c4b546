/** Milliseconds; each about half as much again as the one before. */
const steps = [
  1, 2, 3, 5, 7, 10, 15, 20, 30, 50, 75, 100, 150, 200, 300, 500, 750, 1_000, 1_500, 2_000, 3_000, 5_000, 10_000,
];

/** How far beyond its step a latency must be before it is told as another one. */
const slack = 1.25;

/**
 * A latency rounded up to one of a few steps, in ms. It stays at the step before while it is near it, so that one between two steps
 * is not told anew all the time.
 * @param before the step told before
 */
export function latencyStep(latency: number, before: number | undefined): number {
  const lower = before === undefined ? undefined : (steps[steps.indexOf(before) - 1] ?? 0);
  if (before !== undefined && lower !== undefined && latency <= before * slack && latency > lower / slack)
    return before;
  return steps.find((step) => latency <= step) ?? 60_000;
}
