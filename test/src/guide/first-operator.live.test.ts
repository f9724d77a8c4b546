import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GuideProject } from './guide-project.ts';
import { outputPattern } from './guide-script.ts';

let project: GuideProject;

beforeAll(async () => {
  project = await GuideProject.open('first-operator.md');
});

afterAll(() => project?.[Symbol.asyncDispose]());

describe('the guide to a first operator', () => {
  it('does what it says, and prints what it shows', { timeout: 240_000 }, async () => {
    const { code, output, outputs } = await project.follow();
    expect(code, output).toBe(0);
    const shown = project.blocks.flatMap((block, index) =>
      block.kind === 'output' ? [{ text: block.text, index }] : [],
    );
    for (const { text, index } of shown) expect(outputs.get(index - 1), `after:\n${text}`).toMatch(outputPattern(text));
  });

  it('leaves only the making of its directory to the reader', () => {
    const byHand = project.blocks.filter(({ kind }) => kind === 'by-hand');
    expect(byHand.map(({ text }) => text)).toEqual(['mkdir website-operator\ncd website-operator']);
  });
});
