import { describe, expect, it } from 'vitest';
import { seriesOf, withValues } from './expressions.ts';

describe('the series of an expression', () => {
  it.each([
    ['up', ['up']],
    ['sum by (pod) (rate(a_total{x="b_total", y=~"c"}[5m]))', ['a_total']],
    ['histogram_quantile(0.99, sum by (le, verb) (rate(a_bucket{}[$__rate_interval])))', ['a_bucket']],
    ['a{x="1"} / ignoring (type) (b{y="2"} > 0)', ['a', 'b']],
    ['a and on (instance) b or vector(0) unless a', ['a', 'b']],
    ['clamp_min(a - b, 0) * 60', ['a', 'b']],
  ])('%s', (expr, series) => {
    expect(seriesOf(expr)).toEqual(series);
  });
});

describe('variables', () => {
  it('become values, and unknown ones stay', () => {
    expect(
      withValues('a{n="$namespace", p=~"$cluster-[0-9]+"}[$__rate_interval] $other', { namespace: 'x', cluster: 'y' }),
    ).toBe('a{n="x", p=~"y-[0-9]+"}[1m] $other');
  });
});
