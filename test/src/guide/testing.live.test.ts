import { expect, it } from 'vitest';
import { GuideProject } from './guide-project.ts';

it('every test of the testing guide runs and passes', { timeout: 120_000 }, async () => {
  await using project = await GuideProject.open('testing.md');
  const { code, output } = await project.follow();
  expect(code, output).toBe(0);
  const tests = project.blocks.filter((block) => block.kind === 'file' && block.path.endsWith('.test.ts'));
  const run = await project.run('npx vitest run --dir . --exclude "cache-operator/**"');
  expect(run.output).toMatch(new RegExp(`Test Files +${tests.length} passed`));
  expect(run.code).toBe(0);
});
