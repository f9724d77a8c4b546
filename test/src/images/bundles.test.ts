import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundlePrograms } from '../../../scripts/bundle.ts';

const run = promisify(execFile);
const operators = fileURLToPath(new URL('../../../operators', import.meta.url));
const names = (await readdir(operators)).filter((name) => existsSync(join(operators, name, 'src/main.ts')));

let dir: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'capstan-bundle-'));
});

afterAll(() => rm(dir, { recursive: true }));

describe.each(names)('the image of the %s operator', (name) => {
  const root = join(operators, name);

  it('needs one file of ours, which says its version where nothing else is installed', async () => {
    const outdir = join(dir, name);
    await bundlePrograms({ root, programs: { operator: 'src/main.ts' }, outdir });
    const { stdout } = await run(process.execPath, [join(outdir, 'operator.mjs'), '--version'], { cwd: outdir });
    const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
    expect(stdout).toBe(`${version}\n`);
  });

  it('is made of what its package builds', async () => {
    const dockerfile = await readFile(join(root, 'Dockerfile'), 'utf8');
    const { scripts } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
    const copied = [...dockerfile.matchAll(/^COPY dist\/(\S+)\.mjs /gm)].map(([, program]) => program);
    const built = [...String(scripts.build).matchAll(/ (\w+)=src\//g)].map(([, program]) => program);
    expect(copied).toEqual(built);
  });
});
