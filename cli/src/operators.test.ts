import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadControllers } from './operators.ts';

let directory = '';

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'capstan-operators-'));
});

afterAll(() => rm(directory, { recursive: true }));

async function moduleWith(name: string, source: string): Promise<string> {
  const path = join(directory, `${name}.mjs`);
  await writeFile(path, source);
  return path;
}

const controller = "{ name: 'a', kind: {}, owns: [], runner: () => {} }";

describe('a module with controllers', () => {
  it('gives them alone or in a list, before those that come along', async () => {
    const path = await moduleWith('two', `export const one = ${controller}; export const list = [${controller}];`);
    const names = (await loadControllers([path])).map(({ name }) => name);
    const prism = ['prism-operator', 'prism-federation', 'prism-namespaces', 'prism-patterns'];
    expect(names).toEqual(['a', 'a', 'streambus-operator', 'druid-operator', ...prism]);
  });

  it('is told what to export where it has only a function that would make one', async () => {
    const path = await moduleWith('maker', `export const makeController = () => (${controller});`);
    await expect(loadControllers([path])).rejects.toThrow(
      'exports no controller: export what controller() of @capstan/runtime gives, alone or in a list. Functions are not called: ' +
        'if makeController() makes one, add "export const controllers = [makeController()];"',
    );
  });

  it('is refused with its name where it cannot be loaded', async () => {
    await expect(loadControllers([join(directory, 'absent.mjs')])).rejects.toThrow('absent.mjs cannot be loaded');
  });
});
