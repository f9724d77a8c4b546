import type { Draft } from './draft.ts';

interface NoteOptions {
  readonly title: string;
  /** Markdown, a paragraph or list item each. */
  readonly lines: readonly string[];
  /** In rows of the grid. */
  readonly height: number;
}

/** Words across the whole width. */
export function note({ title, lines, height }: NoteOptions): Draft {
  const options = { mode: 'markdown', content: lines.join('\n') } as const;
  return { width: 24, height, panel: { type: 'text', title, description: '', options } };
}
