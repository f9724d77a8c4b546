import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { layOutReport } from './report.ts';

describe('the report', () => {
  it('has the figures in columns, and the counts under them, most first', () => {
    const lines = layOutReport([
      {
        title: 'Made',
        counts: { 'create events': 2, 'patch services': 40 },
        measures: [
          { id: 'a', label: 'time', value: 1.25, unit: 's', how: '' },
          { id: 'b', label: 'memory, peak', value: undefined, unit: 'MB', how: '' },
        ],
      },
    ]);
    expect(lines.map((line) => stripVTControlCharacters(line))).toEqual([
      'Made',
      '  time             1.25 s',
      '  memory, peak  unknown MB',
      '    40 patch services',
      '     2 create events',
      '',
    ]);
  });

  it('shows the share of one cluster where counts are of many, but not of the Lease, which is renewed by the clock', () => {
    const counts = { 'patch services': 25, 'update leases': 6 };
    const lines = layOutReport([{ title: 'Made', measures: [], counts, countsAmong: 10 }]);
    expect(lines.map((line) => stripVTControlCharacters(line))).toEqual([
      'Made',
      '    25 patch services, 2.5 per cluster',
      '     6 update leases',
      '',
    ]);
  });
});
