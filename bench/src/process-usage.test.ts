import { describe, expect, it } from 'vitest';
import { parseUsage } from './process-usage.ts';

const status = 'Name:\tnode\nVmPeak:\t  999999 kB\nVmHWM:\t   61440 kB\nVmRSS:\t   51200 kB\nThreads:\t11\n';

describe('the usage of a process', () => {
  it('is read from /proc in bytes and seconds', () => {
    const stat = '42 (node) S 1 42 42 0 -1 4194304 100 0 0 0 250 50 0 0 20 0 11 0 1 2 3';
    expect(parseUsage(status, stat)).toEqual({ rss: 52_428_800, peakRss: 62_914_560, cpuSeconds: 3 });
  });

  it('is not led astray by a program name with spaces and parentheses', () => {
    const stat = '42 (a) b (c) S 1 42 42 0 -1 4194304 100 0 0 0 100 0 0 0 20 0 11 0 1 2 3';
    expect(parseUsage(status, stat).cpuSeconds).toBe(1);
  });

  it('is refused for a process without memory, which has ended', () => {
    expect(() => parseUsage('Name:\tnode\nState:\tZ (zombie)\n', '42 (node) Z 1')).toThrow('no VmRSS');
  });
});
