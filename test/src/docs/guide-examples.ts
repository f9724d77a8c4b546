import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CodeExample } from './docstring-examples.ts';

/** The TypeScript that pages of the guide show. What they say belongs into a file (`file=`) is left out: those pages are followed. */
export function guideExamples(root: string): readonly CodeExample[] {
  const pages = globSync('docs/guide/*.md', { cwd: root }).toSorted();
  return pages.flatMap((page) => examplesIn(page, readFileSync(join(root, page), 'utf8')));
}

function examplesIn(file: string, page: string): readonly CodeExample[] {
  return [...page.matchAll(/^```ts\n(?<code>[\s\S]*?)^```$/gm)].map(({ index, groups = {} }) => ({
    file,
    line: page.slice(0, index).split('\n').length + 1,
    code: (groups['code'] ?? '').trimEnd(),
  }));
}
