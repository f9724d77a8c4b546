import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { row } from './cluster.fixture.ts';
import { cut, layOutTable, wrap } from './table.ts';

const rows = [
  row(),
  row({
    namespace: 'production',
    name: 'payments',
    phase: 'Creating',
    readyReplicas: 1,
    replicas: 5,
    lastEvent: '',
    verdict: { kind: 'Waiting', why: '' },
  }),
  row({ name: 'secure', requests: 12, lastEvent: 'NotEnforced: no TLS', verdict: { kind: 'Unready', why: '' } }),
];

function plain(width: number): readonly string[] {
  return layOutTable(rows, width).map((line) => stripVTControlCharacters(line));
}

describe('the table', () => {
  it('has the last event in the row where there is room', () => {
    expect(plain(110)).toEqual([
      '  CLUSTER              PHASE     READY  CHILDREN  REQUESTS  LAST EVENT',
      '● shop/orders          Running     3/3         5         7  AllBrokersReady: All 3 brokers are ready.',
      '○ production/payments  Creating    1/5         5         7',
      '◐ shop/secure          Running     3/3         5        12  NotEnforced: no TLS',
    ]);
  });

  it('has the last event under the row where there is none', () => {
    expect(plain(80)).toEqual([
      '  CLUSTER              PHASE     READY  CHILDREN  REQUESTS',
      '● shop/orders          Running     3/3         5         7',
      '    AllBrokersReady: All 3 brokers are ready.',
      '○ production/payments  Creating    1/5         5         7',
      '◐ shop/secure          Running     3/3         5        12',
      '    NotEnforced: no TLS',
    ]);
  });

  it('is never wider than the terminal, whatever stands in it', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 80 });
    const anyRow = fc.record({ name: text, phase: text, lastEvent: text }).map((changes) => row(changes));
    const widths = fc.integer({ min: 10, max: 200 });
    fc.assert(
      fc.property(fc.array(anyRow, { maxLength: 4 }), widths, (some, width) => {
        expect(Math.max(...layOutTable(some, width).map((line) => stringWidth(line)))).toBeLessThanOrEqual(width);
      }),
    );
  });
});

describe('a text', () => {
  it.each([
    ['fits', 'three', 5, 'three'],
    ['is cut with an ellipsis', 'three blind mice', 7, 'three…'],
    ['loses its line breaks', 'one\n  two', 20, 'one two'],
    ['has wide characters', '日本語です', 5, '日本…'],
    ['has no room at all', 'three', 0, ''],
  ])('that %s', (_, text, width, expected) => {
    expect(cut(text, width)).toBe(expected);
  });

  it('is broken at spaces', () => {
    expect(wrap('no listener of the broker speaks TLS', 14)).toEqual(['no listener of', 'the broker', 'speaks TLS']);
  });
});
