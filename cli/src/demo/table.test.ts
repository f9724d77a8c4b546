import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { row } from './row.fixture.ts';
import { announcement, cut, type Headings, layOutTables, type Table, type TableSpace, wrap } from './table.ts';

const headings: Headings = { resource: 'CLUSTER', state: 'PHASE', figures: ['READY'] };

const rows = [
  row(),
  row({
    namespace: 'production',
    name: 'payments',
    state: 'Creating',
    figures: ['1/5'],
    lastEvent: '',
    verdict: { kind: 'Waiting', why: '' },
  }),
  row({ name: 'secure', requests: 12, lastEvent: 'NotEnforced: no TLS', verdict: { kind: 'Unready', why: '' } }),
];

const ingestions: Table = {
  headings: { resource: 'INGESTION', state: 'STATE', figures: ['LAG', 'READ'] },
  rows: [row({ name: 'clicks', state: '', figures: ['-', '200'], lastEvent: '' })],
};

function plain(tables: readonly Table[], space: TableSpace): readonly string[] {
  return layOutTables(tables, space).map((line) => stripVTControlCharacters(line));
}

describe('tables', () => {
  it('share their columns, and have namespaces where there is room', () => {
    expect(plain([{ headings, rows }, ingestions], { columns: 110, isAiry: true })).toEqual([
      '  CLUSTER              PHASE         READY  CHILDREN  REQUESTS  LAST EVENT',
      '● shop/orders          Running         3/3         5         7  AllBrokersReady: All 3 brokers are ready.',
      '○ production/payments  Creating        1/5         5         7',
      '◐ shop/secure          Running         3/3         5        12  NotEnforced: no TLS',
      '',
      '  INGESTION            STATE     LAG  READ  CHILDREN  REQUESTS',
      '● shop/clicks          -           -   200         5         7',
    ]);
  });

  it('have names alone, and less of the event, on a narrow terminal', () => {
    expect(plain([{ headings, rows }, ingestions], { columns: 60, isAiry: false })).toEqual([
      '  CLUSTER    PHASE         READY  CHILD  REQ  LAST EVENT',
      '● orders     Running         3/3      5    7  AllBrokersRea…',
      '○ payments   Creating        1/5      5    7',
      '◐ secure     Running         3/3      5   12  NotEnforced:…',
      '  INGESTION  STATE     LAG  READ  CHILD  REQ',
      '● clicks     -           -   200      5    7',
    ]);
  });

  it('shorten names before figures', () => {
    const long = { headings, rows: [row({ name: 'a-name-of-more-than-twenty-two-letters' })] };
    expect(plain([long], { columns: 40, isAiry: false })[1]).toBe('● a-name-of…  Running    3/3      5    7');
  });

  it('are never wider than the terminal, whatever stands in them', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 80 });
    const anyRow = fc
      .record({ name: text, state: text, figures: fc.tuple(text), lastEvent: text })
      .map((changes) => row(changes));
    const columns = fc.integer({ min: 10, max: 200 });
    fc.assert(
      fc.property(fc.array(anyRow, { maxLength: 4 }), columns, fc.boolean(), (some, width, isAiry) => {
        const lines = layOutTables([{ headings, rows: some }], { columns: width, isAiry });
        expect(Math.max(...lines.map((line) => stringWidth(line)))).toBeLessThanOrEqual(width);
      }),
    );
  });
});

describe('a row in prose', () => {
  it.each([
    ['is new', { state: '', inWords: '0/3 ready', children: 0, requests: 0 }, 'new, 0/3 ready, 0 children, 0 requests'],
    ['runs', { children: 1, requests: 1 }, 'Running, 3/3 ready, 1 child, 1 request'],
  ])('of what %s', (_, changes, text) => {
    expect(announcement(row(changes))).toBe(`shop/orders  ${text}`);
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
