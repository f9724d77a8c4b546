import { millis } from '@capstan/runtime';
import { describe, expect, it } from 'vitest';
import { ProbeRecord } from './probe-record.ts';

function probed(...latencies: readonly (number | undefined)[]): ProbeRecord {
  const record = new ProbeRecord();
  for (const took of latencies) record.note(took === undefined ? { well: false } : { well: true, took: millis(took) });
  return record;
}

describe('the probes of a cluster', () => {
  it('are unknown before the first', () => {
    expect(new ProbeRecord().observation).toEqual({ verdict: 'Unknown', inARow: 0 });
  });

  it('are counted in a row', () => {
    expect(probed(5, undefined, undefined).observation).toEqual({ verdict: 'Unhealthy', inARow: 2 });
    expect(probed(undefined, 5).observation).toMatchObject({ verdict: 'Healthy', inARow: 1 });
  });

  it('have the median of the newest as their latency, which a single slow one does not change', () => {
    expect(probed(10, 11, 900, 12, 10).latency).toBe(11);
    expect(probed(100, 100, 100, 10, 10, 10, 10, 10).latency).toBe(10);
    expect(probed(10, undefined).latency).toBe(10);
  });
});
