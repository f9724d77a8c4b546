import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BundledPrograms, bundlePrograms, programsOf } from '../../../scripts/bundle.ts';

const run = promisify(execFile);
const repository = fileURLToPath(new URL('../../..', import.meta.url));
const names = await readdir(join(repository, 'operators'));

let dir: string;

beforeAll(async () => {
  dir = await realpath(await mkdtemp(join(tmpdir(), 'capstan-bundle-')));
});

afterAll(() => rm(dir, { recursive: true }));

/** The repository once more in another folder: nothing but what a bundle is made of, and who is linked into node_modules. */
async function copyOfInputs({ metafile, packages }: BundledPrograms, root: string, target: string): Promise<void> {
  const files = new Set(Object.keys(metafile.inputs).map((path) => resolve(root, path)));
  for (const file of [...files, join(repository, 'tsconfig.json'), ...manifestsAbove(files)])
    await cp(file, join(target, relative(repository, file)), { force: false }).catch(ignoreMissing);
  await mkdir(join(target, 'node_modules/@capstan'), { recursive: true });
  for (const { name, folder, isOurs } of packages)
    if (isOurs) await symlink(join(target, relative(repository, folder)), join(target, 'node_modules', name));
}

function manifestsAbove(files: ReadonlySet<string>): ReadonlySet<string> {
  const manifests = new Set<string>();
  for (const file of files)
    for (let folder = dirname(file); folder.startsWith(repository.replace(/\/$/, '')); folder = dirname(folder))
      manifests.add(join(folder, 'package.json'));
  return manifests;
}

function ignoreMissing(error: unknown): void {
  if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
}

describe.each(names)('the image of the %s operator', (name) => {
  const root = join(repository, 'operators', name);
  let bundle: BundledPrograms;

  beforeAll(async () => {
    bundle = await bundlePrograms({ root, programs: await programsOf(root), outdir: join(dir, name) });
  }, 60_000);

  it('needs one file of ours, which says its version where nothing else is installed', async () => {
    const { stdout } = await run(process.execPath, [join(dir, name, 'operator.mjs'), '--version'], { cwd: dir });
    const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
    expect(stdout).toBe(`${version}\n`);
  });

  it('is made of what its package builds', async () => {
    const containerfile = await readFile(join(root, 'Containerfile'), 'utf8');
    const copied = [...containerfile.matchAll(/^COPY dist\/(\S+)\.mjs \/\1\.mjs$/gm)].map(([, program]) => program);
    expect(copied).toEqual(Object.keys(await programsOf(root)));
    expect(containerfile).toContain('COPY dist/LICENSES.txt /LICENSES.txt\n');
    const { scripts, description } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
    expect(scripts.build).toBe('node ../../scripts/bundle.ts');
    expect(containerfile).toContain(`org.opencontainers.image.description="${description}"`);
  });

  it('is built on a base that whoever builds names by its digest, as a user that is not root', async () => {
    const containerfile = await readFile(join(root, 'Containerfile'), 'utf8');
    const bases = [...containerfile.matchAll(/^FROM (.+)$/gm)].map(([, base]) => base);
    expect(bases).toEqual([expect.stringMatching(/^gcr\.io\/distroless\/nodejs24-debian12@\$\{BASE_DIGEST:\?\S+\}$/)]);
    // A default would be a digest that nobody looked at.
    expect(containerfile).toMatch(/^ARG BASE_DIGEST$/m);
    expect(containerfile).not.toMatch(/^ARG (BASE_DIGEST|VERSION)=/m);
    expect(containerfile).toMatch(/^USER 65532:65532$/m);
  });

  it('has the same programs, byte by byte, when the repository lies in another folder', async () => {
    const target = join(dir, `${name}-elsewhere`, 'in', 'another', 'depth');
    await copyOfInputs(bundle, root, target);
    const elsewhere = join(target, 'operators', name);
    const again = await bundlePrograms({ root: elsewhere, programs: await programsOf(elsewhere) });
    for (const [index, program] of bundle.programs.entries())
      expect(await readFile(again.programs[index] ?? '', 'utf8')).toBe(await readFile(program, 'utf8'));
    expect(again.packages.map(({ folder, ...rest }) => rest)).toEqual(
      bundle.packages.map(({ folder, ...rest }) => rest),
    );
  }, 60_000);

  it('names no folder of the machine that built it', async () => {
    for (const file of [...bundle.programs, bundle.notice]) {
      const text = await readFile(file, 'utf8');
      for (const folder of [repository, dir]) expect(text.includes(folder)).toBe(false);
    }
  });

  it('comes with the licence of every package of somebody else that is inside', async () => {
    const notice = await readFile(bundle.notice, 'utf8');
    const theirs = bundle.packages.filter(({ isOurs }) => !isOurs);
    expect(theirs.length).toBeGreaterThan(5);
    for (const { name: theirName, version, license } of theirs)
      expect(notice).toContain(`\n${theirName}@${version} (${license})\n\n`);
    expect(notice).not.toContain('comes without a licence file');
    expect(notice).not.toContain('no licence named');
  });
});
