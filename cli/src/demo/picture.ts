import { styleText } from 'node:util';
import { cut, layOutTables, type Table } from './table.ts';

/** What moves on the screen, from top to bottom. */
export interface Picture {
  readonly tables: readonly Table[];
  /** Steps under way. */
  readonly steps: readonly string[];
  /** How far all of it is; may be empty. */
  readonly footer: string;
}

export interface PictureSpace {
  readonly columns: number;
  /** Lines of the terminal. */
  readonly rows: number;
}

/** Lines that stay in sight above the picture, for what is told. */
const forTelling = 8;

/**
 * The lines of a picture, never more than the terminal has, so that it can be drawn over in place. Where it is low, what is between
 * the tables goes first, then what is at the end of them.
 */
export function layOutPicture({ tables, steps, footer }: Picture, { columns, rows }: PictureSpace): readonly string[] {
  const below = [...steps, ...(footer === '' ? [] : [styleText('dim', cut(footer, columns))])];
  // The cursor stands on a line of its own below.
  const room = Math.max(1, rows - 1 - below.length);
  const airy = layOutTables(tables, { columns, isAiry: true });
  if (airy.length + forTelling <= room) return [...airy, ...(airy.length > 0 ? [''] : []), ...below];
  const dense = layOutTables(tables, { columns, isAiry: false });
  if (dense.length <= room) return [...dense, ...below];
  const hidden = dense.length - room + 1;
  return [...dense.slice(0, room - 1), cut(`  … ${hidden} more lines in a higher terminal`, columns), ...below];
}
