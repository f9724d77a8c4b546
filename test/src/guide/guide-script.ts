/** A fenced block of a guide, with what is to be done with it. */
export type GuideBlock =
  | { readonly kind: 'file'; readonly path: string; readonly text: string }
  | { readonly kind: 'run' | 'background' | 'by-hand' | 'output'; readonly text: string };

/**
 * Reads the fenced blocks of a guide, in order. The word after the language says what a block is: `file=PATH`, `run`,
 * `background`, `by-hand` or `output`.
 * @throws {Error} for a block without such a word, with its line: nothing in a guide goes untested by accident
 */
export function guideBlocks(markdown: string): readonly GuideBlock[] {
  const blocks: GuideBlock[] = [];
  const lines = markdown.split('\n');
  for (let start = 0; start < lines.length; start += 1) {
    if (!lines[start]?.startsWith('```')) continue;
    const end = lines.indexOf('```', start + 1);
    if (end < 0) throw new Error(`line ${start + 1}: this block never ends`);
    blocks.push(blockOf(lines[start] ?? '', lines.slice(start + 1, end).join('\n'), start + 1));
    start = end;
  }
  return blocks;
}

/** Blocks that run one after another in one shell, and the place in its output where each begins. */
export const marker = '@@ block';

/**
 * The whole guide as one bash script: files are written where the reader writes them, commands run in one shell, and what is
 * in the background ends with it. What the reader did by hand is done already.
 */
export function guideScript(blocks: readonly GuideBlock[]): string {
  const head = [
    // As in the shell of a reader, `| head` may end a command early; what a pipe should have printed is compared anyway.
    'set -eu',
    // Each background block is a process group of its own, as in a terminal of its own, and ends as by Ctrl-C.
    'set -m',
    'exec 2>&1',
    "trap 'code=$?; for job in $(jobs -p); do kill -- -$job || true; done; wait; [ $code = 0 ] || cat background.log || true; exit $code' EXIT",
  ];
  const body = blocks.map((block, index) => [`echo "${marker} ${index}"`, commandsOf(block)].join('\n'));
  return [...head, ...body, ''].join('\n');
}

/** What each block printed, by its index. */
export function outputsOf(stdout: string): ReadonlyMap<number, string> {
  const parts = stdout.split(new RegExp(`^${marker} (\\d+)\\n`, 'm')).slice(1);
  const outputs = new Map<number, string>();
  for (let at = 0; at + 1 < parts.length; at += 2) outputs.set(Number(parts[at]), parts[at + 1] ?? '');
  return outputs;
}

/** What a guide shows as output, as a pattern: `…` stands for anything within a line, or for any lines where it is alone. */
export function outputPattern(expected: string): RegExp {
  const lines = expected.split('\n').map((line) => (line.trim() === '…' ? '(?:.*\\n)*?' : `${linePattern(line)} *\\n`));
  return new RegExp(`^\\n*${lines.join('')}\\n*$`);
}

/** Columns are as wide as their widest value, so how many spaces lie between them says nothing. */
function linePattern(line: string): string {
  const parts = line.trimEnd().split('…');
  return parts.map((part) => escaped(part).replaceAll(/ {2,}/g, ' +')).join('.*');
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}

function blockOf(fence: string, text: string, line: number): GuideBlock {
  const [, role = ''] = fence.slice(3).trim().split(/\s+/);
  if (role.startsWith('file=')) return { kind: 'file', path: role.slice('file='.length), text };
  if (role === 'run' || role === 'background' || role === 'by-hand' || role === 'output') return { kind: role, text };
  throw new Error(
    `line ${line}: "${fence}" says not what is done with the block: file=PATH, run, background, by-hand or output`,
  );
}

function commandsOf(block: GuideBlock): string {
  switch (block.kind) {
    case 'file':
      return `mkdir -p "$(dirname '${block.path}')"\ncat > '${block.path}' <<'END_OF_FILE'\n${block.text}\nEND_OF_FILE`;
    case 'run':
      return block.text;
    case 'background':
      return `${block.text} > background.log 2>&1 &`;
    case 'by-hand':
    case 'output':
      return '';
  }
}
