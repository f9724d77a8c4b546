import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { layOutPicture, type Picture } from './picture.ts';
import { row } from './row.fixture.ts';
import type { Table } from './table.ts';

const table: Table = { headings: { resource: 'CLUSTER', state: 'PHASE', figures: ['READY'] }, rows: [row(), row()] };
const picture: Picture = { tables: [table, table], steps: ['step'], footer: '  2 of 4 ready' };

function heads(lines: readonly string[]): readonly string[] {
  return lines.map((line) => stripVTControlCharacters(line).trim().split(' ')[0] ?? '');
}

describe('a picture', () => {
  it('has space between its parts where the terminal is high', () => {
    expect(heads(layOutPicture(picture, { columns: 80, rows: 40 }))).toEqual([
      ...['CLUSTER', '●', '●', '', 'CLUSTER', '●', '●', '', 'step', '2'],
    ]);
  });

  it('has none where it is low, so that what is told stays in sight', () => {
    expect(heads(layOutPicture(picture, { columns: 80, rows: 16 }))).toEqual([
      ...['CLUSTER', '●', '●', 'CLUSTER', '●', '●', 'step', '2'],
    ]);
  });

  it('says how much of it is hidden where it does not fit, and keeps what is under way', () => {
    expect(heads(layOutPicture(picture, { columns: 80, rows: 7 }))).toEqual(['CLUSTER', '●', '●', '…', 'step', '2']);
  });

  it('is nothing but the steps as long as there is no table', () => {
    expect(layOutPicture({ tables: [], steps: ['step'], footer: '' }, { columns: 80, rows: 24 })).toEqual(['step']);
  });

  it('leaves the last line of the terminal free, however many tables there are', () => {
    const tables = fc.integer({ min: 0, max: 12 }).map((count) => Array.from({ length: count }, () => table));
    fc.assert(
      fc.property(tables, fc.integer({ min: 6, max: 60 }), (some, rows) => {
        expect(layOutPicture({ ...picture, tables: some }, { columns: 80, rows }).length).toBeLessThan(rows);
      }),
    );
  });
});
