import { execFile } from 'node:child_process';
import { appendFile, copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scaffold } from '../../../cli/src/init/scaffold.ts';
import { packPackages } from '../../../scripts/packages/pack-packages.ts';
import type { PublishManifest } from '../../../scripts/packages/publish-manifest.ts';
import { guideBlocks, guideScript, outputPattern, outputsOf } from '../guide/guide-script.ts';
import { ConsumerProject } from './consumer-project.ts';
import { declarationProblems } from './declaration-problems.ts';
import { tarballFiles } from './tarball.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const run = promisify(execFile);
const folders = await readdir(join(root, 'packages'));

let out: string;
let printed: string;
let packed: readonly Packed[];
let project: ConsumerProject;

beforeAll(async () => {
  out = await mkdtemp(join(tmpdir(), 'capstan-release-'));
  printed = await dryRun(out);
  const tarballs = (await readdir(join(out, 'npm'))).map((name) => join(out, 'npm', name));
  packed = await Promise.all(tarballs.map(async (tarball) => ({ tarball, files: await tarballFiles(tarball) }))).then(
    (all) => all.map((each) => ({ ...each, manifest: JSON.parse(each.files.get('package.json') ?? '') })),
  );
  project = await ConsumerProject.open(
    Object.fromEntries(packed.map(({ manifest, tarball }) => [manifest.name, tarball])),
  );
}, 400_000);

afterAll(async () => {
  await project?.[Symbol.asyncDispose]();
  if (out !== undefined) await rm(out, { recursive: true });
});

/** A tarball of the release. */
interface Packed {
  readonly tarball: string;
  readonly manifest: PublishManifest;
  /** Texts by path. */
  readonly files: ReadonlyMap<string, string>;
}

/** Makes what needs neither Helm nor Debian's packages, as a person does, from the checkout as it is. */
async function dryRun(outdir: string): Promise<string> {
  const script = join(root, 'scripts/release/release.ts');
  const options = ['--dry-run', '--skip-checks', '--allow-dirty', '--only', 'install,npm', '--out', outdir];
  const { stdout } = await run(process.execPath, [script, ...options], { cwd: root });
  return stdout;
}

/** What `sha256sum --check` says of the release. */
async function checked(): Promise<string> {
  const check = run('sha256sum', ['--check', '--quiet', 'SHA256SUMS'], { cwd: out });
  return check.then(
    ({ stdout }) => stdout,
    ({ stdout }) => String(stdout),
  );
}

function packageOf(folder: string): Packed {
  const found = packed.find(({ manifest }) => manifest.name === `@capstan/${folder}`);
  if (found === undefined) throw new Error(`@capstan/${folder} was not packed`);
  return found;
}

/** Names of packages that code or declarations import; those of Node itself are left out. */
function importedPackages(text: string): readonly string[] {
  const specifiers = ts.preProcessFile(text).importedFiles.map(({ fileName }) => fileName);
  return specifiers
    .filter((specifier) => !/^(node:|\.)/.test(specifier))
    .map((specifier) => specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/'));
}

describe.each(folders)('the tarball of @capstan/%s', (folder) => {
  it('holds what was compiled and what it reads, and neither tests nor sources', () => {
    const { manifest, files } = packageOf(folder);
    const paths = [...files.keys()];
    expect(paths).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'package.json', 'dist/index.js']));
    const beside = manifest.files.map((each) => `${each}/`);
    const strangers = paths.filter((path) => path.includes('/') && !beside.some((each) => path.startsWith(each)));
    expect(strangers).toEqual([]);
    expect(paths.filter((path) => /\.(test|fixture)\.|(?<!\.d)\.ts$|testing\//.test(path))).toEqual([]);
  });

  it('imports nothing but what its package.json asks for', () => {
    const { manifest, files } = packageOf(folder);
    const code = [...files].filter(([path]) => /\.(js|d\.ts)$/.test(path));
    const imported = new Set(code.flatMap(([, text]) => importedPackages(text)));
    expect(Object.keys(manifest.dependencies)).toEqual(expect.arrayContaining([...imported]));
  });

  it('runs nothing when it is installed, and needs nothing that only development needs', async () => {
    const manifest = JSON.parse((await tarballFiles(packageOf(folder).tarball)).get('package.json') ?? '');
    expect(Object.keys(manifest)).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/scripts|devDep|private/)]),
    );
    expect(JSON.stringify(manifest)).not.toMatch(/"(workspace|file|link):/);
  });

  it('has nothing that publint minds', async () => {
    const { tarball } = packageOf(folder);
    const bytes = await readFile(tarball);
    const { messages, pkg } = await publint({ strict: true, pack: { tarball: Uint8Array.from(bytes).buffer } });
    expect(messages.map((message) => formatMessage(message, pkg))).toEqual([]);
  });
});

describe('a dry run of the release', () => {
  it('lists every file with its size and hash, and says that nothing was published', async () => {
    const { artefacts } = JSON.parse(await readFile(join(out, 'release.json'), 'utf8'));
    const paths: readonly string[] = artefacts.map(({ path }: { readonly path: string }) => path);
    expect(paths).toEqual(
      expect.arrayContaining(['install/prism-operator.yaml', `npm/${basename(packageOf('kube').tarball)}`]),
    );
    for (const { path, sha256 } of artefacts) expect(printed).toMatch(new RegExp(`^${path} .*B +${sha256}$`, 'm'));
    expect(printed).toContain('nothing was published');
  });

  it('has notes of what is new, from the changelog', async () => {
    const notes = await readFile(join(out, 'release-notes.md'), 'utf8');
    const changelog = await readFile(join(root, 'CHANGELOG.md'), 'utf8');
    expect(notes).toMatch(/^# Capstan \d+\.\d+\.\d+\n\n\S/);
    expect(changelog).toContain(notes.split('\n').slice(2).join('\n').trim());
  });

  it('has checksums that find a file that somebody changed', async () => {
    expect(await checked()).toBe('');
    const [{ tarball } = { tarball: '' }] = packed;
    const before = await readFile(tarball);
    await appendFile(tarball, 'x');
    expect(await checked()).toBe(`npm/${basename(tarball)}: FAILED\n`);
    await writeFile(tarball, before);
    expect(await checked()).toBe('');
  });

  it('packs the same bytes each time', async () => {
    const again = await packPackages(join(out, 'npm again'));
    for (const { manifest, tarball } of again)
      expect(await readFile(tarball), manifest.name).toEqual(
        await readFile(packed.find((each) => each.manifest.name === manifest.name)?.tarball ?? ''),
      );
  }, 200_000);
});

describe('in a project that installs the tarballs', () => {
  it('the packages are there as files of their own, not as links into this checkout', async () => {
    const installed = join(project.directory, 'node_modules', '@capstan');
    const entries = await readdir(installed, { withFileTypes: true });
    expect(entries.map(({ name }) => name)).toEqual(folders);
    expect(entries.filter((entry) => entry.isSymbolicLink())).toEqual([]);
  });

  it.each(['nodenext', 'bundler'] as const)(
    'every declaration, and the code of every README, is right to a strict compiler that resolves as %s',
    async (resolution) => {
      const entries = packed.flatMap(({ manifest }) =>
        Object.keys(manifest.exports)
          .filter((entry) => entry !== './package.json')
          .map((entry) => `import '${manifest.name}${entry.slice(1)}';\n`),
      );
      const readmes = await Promise.all(folders.map(async (folder) => [`${folder}.ts`, await readmeCode(folder)]));
      const files = { 'everything.ts': entries.join(''), ...Object.fromEntries(readmes) };
      expect(declarationProblems(project.directory, files, resolution)).toEqual([]);
    },
    200_000,
  );

  it('the first operator of the guide is made, tested and run word by word', async () => {
    const blocks = guideBlocks(await readFile(join(root, 'docs/guide/first-operator.md'), 'utf8'));
    const directory = join(project.directory, 'website-operator');
    await mkdir(directory);
    await copyFile(join(root, 'tsconfig.json'), join(project.directory, 'tsconfig.json'));
    await writeFile(join(directory, 'guide.sh'), guideScript(blocks));
    const { code, output } = await project.run(directory, ['bash', 'guide.sh']);
    expect(code, output).toBe(0);
    const outputs = outputsOf(output);
    for (const [index, { kind, text }] of blocks.entries())
      if (kind === 'output') expect(outputs.get(index - 1), `after:\n${text}`).toMatch(outputPattern(text));
  }, 300_000);

  it('what capstan init makes passes its own tests, and is built into one file that runs', async () => {
    const directory = join(project.directory, 'message-queue-operator');
    await scaffold({ name: 'message-queue-operator', group: 'queues.example.com', directory });
    const asked = JSON.parse(await readFile(join(directory, 'package.json'), 'utf8'));
    const versions = new Map(packed.map(({ manifest: { name, version } }) => [name, version]));
    for (const [name, version] of Object.entries({ ...asked.dependencies, ...asked.devDependencies }))
      if (name.startsWith('@capstan/')) expect(versions.get(name), name).toBe(version);
    const tested = await project.run(directory, ['npm', 'test']);
    expect(tested.output).toMatch(/Test Files .*3 passed/);
    const built = await project.run(directory, ['npm', 'run', 'build']);
    expect(built.code, built.output).toBe(0);
    const { output } = await project.run(directory, ['node', 'dist/operator.mjs', '--help']);
    expect(output).toContain('Usage: message-queue-operator');
  }, 200_000);
});

/** All that a README shows of TypeScript. */
async function readmeCode(folder: string): Promise<string> {
  const text = await readFile(join(root, 'packages', folder, 'README.md'), 'utf8');
  return [...text.matchAll(/^```ts\n(?<code>[\s\S]*?)^```$/gm)].map(({ groups }) => groups?.['code'] ?? '').join('\n');
}
