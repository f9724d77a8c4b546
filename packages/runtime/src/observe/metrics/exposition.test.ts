import { describe, expect, it } from 'vitest';
import { asOpenMetrics, wantsOpenMetrics } from './exposition.ts';

describe('who asks for metrics', () => {
  it.each([
    [undefined, false],
    ['*/*', false],
    ['text/plain', false],
    ['application/openmetrics-text', true],
    // What Prometheus 2.42 sends.
    [
      'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1',
      true,
    ],
    ['text/plain, application/openmetrics-text;q=0.5', false],
  ])('with %s gets OpenMetrics: %s', (accept, expected) => {
    expect(wantsOpenMetrics(accept)).toBe(expected);
  });
});

describe('OpenMetrics', () => {
  it('names the family of a counter without _total, and ends', () => {
    const text = [
      ['# HELP a_total A.', '# TYPE a_total counter', 'a_total{x="1"} 2'],
      ['# HELP b_total No counter.', '# TYPE b_total gauge', 'b_total 1'],
    ];
    expect(asOpenMetrics(`${text.map((lines) => lines.join('\n')).join('\n\n')}\n`)).toBe(
      '# HELP a A.\n# TYPE a counter\na_total{x="1"} 2\n# HELP b_total No counter.\n# TYPE b_total gauge\nb_total 1\n# EOF\n',
    );
  });
});
