import { describe, expect, it } from 'vitest';
import { reportedBy } from './reported.ts';

const healthy = (status: unknown) => ({ type: 'ProxyHealthy', status });

describe('what a PrismCluster elsewhere says of itself', () => {
  it('is its phase, and whether its proxies serve', () => {
    const status = { phase: 'Running', conditions: [{ type: 'Ready', status: 'False' }, healthy('True')] };
    expect(reportedBy({ status })).toEqual({ phase: 'Running', serves: true });
    expect(reportedBy({ status: { conditions: [healthy('False')] } })).toEqual({ serves: false });
  });

  it.each([
    ...[undefined, null, 'x', [], { conditions: {} }, { conditions: [null] }, { conditions: 'x', phase: 7 }],
    ...[{ conditions: [healthy(true)] }, { conditions: [['ProxyHealthy']] }, { phase: { a: 1 } }],
  ])('is nothing where it has not that shape: %j', (status) => {
    expect(reportedBy({ status })).toEqual({});
  });

  it('is nothing where there is none', () => {
    expect(reportedBy(undefined)).toEqual({});
  });

  it('has a phase that fits into the status of the federation, whole characters only', () => {
    expect(reportedBy({ status: { phase: 'x'.repeat(64) } }).phase).toBe('x'.repeat(64));
    expect(reportedBy({ status: { phase: 'x'.repeat(10_000) } }).phase).toBe(`${'x'.repeat(63)}…`);
    expect(reportedBy({ status: { phase: '😀'.repeat(65) } }).phase).toBe(`${'😀'.repeat(63)}…`);
  });
});
