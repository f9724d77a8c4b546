import { describe, expect, it } from 'vitest';
import { guideBlocks, guideScript, marker, outputPattern, outputsOf } from './guide-script.ts';

const guide = [
  'Text.',
  '```ts file=src/a.ts',
  'const a = 1;',
  '```',
  '```sh run',
  'echo $a',
  '```',
  '```text output',
  '…',
  '```',
].join('\n');

describe('the blocks of a guide', () => {
  it('say what is done with them', () => {
    expect(guideBlocks(guide)).toEqual([
      { kind: 'file', path: 'src/a.ts', text: 'const a = 1;' },
      { kind: 'run', text: 'echo $a' },
      { kind: 'output', text: '…' },
    ]);
  });

  it('are refused when they do not, with their line', () => {
    expect(() => guideBlocks('Text.\n\n```ts\nconst a = 1;\n```')).toThrow('line 3: "```ts" says not what');
    expect(() => guideBlocks('```sh run\nls')).toThrow('line 1: this block never ends');
  });

  it('run in one shell, and what each printed is told apart', () => {
    expect(guideScript(guideBlocks(guide))).toContain(`echo "${marker} 1"\necho $a`);
    expect([...outputsOf(`${marker} 0\n${marker} 1\nx\ny\n${marker} 2\n`)]).toEqual([
      [0, ''],
      [1, 'x\ny\n'],
      [2, ''],
    ]);
  });
});

describe('output shown in a guide', () => {
  it.each([
    { shown: 'hello   2   …', printed: 'hello     2     13s\n', fits: true },
    { shown: 'hello   2   …', printed: 'hello 3 13s\n', fits: false },
    { shown: 'a\n…\nz', printed: 'a\nb\nc\nz\n', fits: true },
    { shown: 'a\n…\nz', printed: 'a\nb\n', fits: false },
    { shown: 'a', printed: 'a\nb\n', fits: false },
    { shown: 'a.c (1)', printed: 'abc (1)\n', fits: false },
  ])('fits what was printed: $fits for $printed', ({ shown, printed, fits }) => {
    expect(outputPattern(shown).test(printed)).toBe(fits);
  });
});
