import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const notOurs: ReadonlySet<string> = new Set(['node_modules', '.git', 'dist']);

/** Every page of the project. Templates of `capstan init` link to what is there only after they were filled in. */
const pages = markdownUnder(root).filter((page) => !page.includes('/templates/'));

function markdownUnder(directory: string): readonly string[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) return notOurs.has(entry.name) ? [] : markdownUnder(path);
    return entry.name.endsWith('.md') ? [path] : [];
  });
}

interface Link {
  readonly text: string;
  readonly target: string;
}

/** Links to other files and to headings, without those inside code. */
function linksOf(page: string): readonly Link[] {
  const prose = readFileSync(page, 'utf8')
    .replace(/^```[\s\S]*?^```/gm, '')
    .replace(/`[^`\n]*`/g, '');
  return [...prose.matchAll(/\[([^\]]*)\]\(([^)\s]+)\)/g)].flatMap(([, text = '', target = '']) =>
    /^[a-z]+:/.test(target) ? [] : [{ text, target }],
  );
}

/** The anchors of a page: those that GitHub makes from headings, numbered where two are the same, and those that HTML names. */
function anchorsOf(page: string): ReadonlySet<string> {
  const text = readFileSync(page, 'utf8');
  const seen = new Map<string, number>();
  const headings = [...text.matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = '']) => {
    const slug = slugOf(heading);
    const earlier = seen.get(slug) ?? 0;
    seen.set(slug, earlier + 1);
    return earlier === 0 ? slug : `${slug}-${earlier}`;
  });
  return new Set([...headings, ...[...text.matchAll(/<a id="([^"]+)"/g)].map(([, id = '']) => id)]);
}

function slugOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');
}

function problemOf(page: string, { text, target }: Link): string | undefined {
  const [path = '', anchor] = target.split('#');
  const file = path === '' ? page : join(dirname(page), decodeURIComponent(path));
  if (!existsSync(file)) return `${target}: there is no such file`;
  const title = file.endsWith('.test.ts') ? /^\*(.+)\*$/.exec(text)?.[1] : undefined;
  if (title !== undefined && !readFileSync(file, 'utf8').includes(title))
    return `${target}: no test there says "${title}"`;
  if (anchor === undefined || anchor === '' || statSync(file).isDirectory() || !file.endsWith('.md')) return undefined;
  return anchorsOf(file).has(anchor) ? undefined : `${target}: there is no such heading`;
}

describe('the pages of the project', () => {
  it('are found', () => {
    expect(pages.map((page) => relative(root, page))).toContain('README.md');
  });

  it.each(pages.map((page) => relative(root, page)))('lead nowhere in vain: %s', (name) => {
    const page = join(root, name);
    expect(linksOf(page).flatMap((link) => problemOf(page, link) ?? [])).toEqual([]);
  });
});
