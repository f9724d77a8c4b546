/**
 * `npm run release -- --dry-run`: makes everything that a release consists of, in one folder, and tells what there is. Without
 * `--dry-run` it also prints the commands that publish it, which a person runs: each needs an account.
 */
import { spawnSync } from 'node:child_process';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { formatDuration } from '../../cli/src/terminal/duration.ts';
import { progressLine } from '../../cli/src/terminal/progress-line.ts';
import { formatTable } from '../../cli/src/terminal/table.ts';
import { buildRelease, checksumFile, type Release } from './build-release.ts';
import { partsNamed } from './parts.ts';
import { publishCommandsFor } from './publishing.ts';
import { type SourceTree, sourceTree } from './source-tree.ts';
import { repositoryVersion, versionProblems } from './version-check.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

const usage = `usage: npm run release -- --dry-run [options]

  --dry-run                make everything, publish nothing
  --out <folder>           where it goes (default: dist/release)
  --only <part,...>        some parts alone: install, npm, charts, images
  --skip-checks            do not run "npm test" first
  --allow-dirty            release what is not committed, too

without --dry-run, which ends with the commands that publish it:
  --image-registry <name>  such as registry.example.com/capstan
  --chart-registry <name>  such as registry.example.com/charts`;

type Options = ReturnType<typeof optionsOf>;

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  try {
    const options = optionsOf(args);
    if (options.help) console.log(usage);
    else await release(options);
    return 0;
  } catch (error) {
    console.error(`release: ${error instanceof Error ? error.message : String(error)}`);
    return 1;
  }
}

function optionsOf(args: readonly string[]) {
  const { values } = parseArgs({
    args: [...args],
    options: {
      help: { type: 'boolean', short: 'h', default: false },
      'dry-run': { type: 'boolean', default: false },
      out: { type: 'string', default: join(root, 'dist', 'release') },
      only: { type: 'string' },
      'skip-checks': { type: 'boolean', default: false },
      'allow-dirty': { type: 'boolean', default: false },
      'image-registry': { type: 'string' },
      'chart-registry': { type: 'string' },
    },
  });
  return { ...values, out: resolve(values.out), parts: partsNamed(values.only?.split(',')) };
}

async function release(options: Options): Promise<void> {
  refuseMisuse(options);
  const version = await repositoryVersion(root);
  const source = await sourceTree(root);
  await refuseUnfit(version, source, options);
  if (!options['skip-checks']) runChecks();
  // Asked first: without an answer nothing of this can be published, and making it takes minutes.
  const commands = options['dry-run'] ? undefined : await publishCommandsFor(root, destinationOf(options));
  const made = await make(version, source, options);
  print(made, options.out);
  console.log(
    commands === undefined ? 'nothing was published: this was a dry run' : commands(made, relative(root, options.out)),
  );
}

/** Half a release, or one that nobody can make again, is not published. */
function refuseMisuse(options: Options): void {
  if (options['dry-run']) return;
  // npm keeps what stands before its own "--" to itself.
  if (process.env['npm_config_dry_run'] === 'true')
    throw new Error('npm took --dry-run for itself: write "npm run release -- --dry-run"');
  for (const option of ['only', 'allow-dirty'] as const)
    if (options[option]) throw new Error(`--${option} goes with --dry-run only`);
  destinationOf(options);
}

function destinationOf(options: Options) {
  const { 'image-registry': imageRegistry, 'chart-registry': chartRegistry } = options;
  if (imageRegistry === undefined || chartRegistry === undefined)
    throw new Error('where does it go? Name --image-registry and --chart-registry, or make it only, with --dry-run');
  return { imageRegistry, chartRegistry };
}

async function refuseUnfit(version: string, { changes }: SourceTree, options: Options): Promise<void> {
  const problems = [...(await versionProblems(root, version))];
  if (changes.length > 0 && !options['allow-dirty'])
    problems.push(
      `${changes.length} files differ from the commit (${changes[0]?.trim()}, ...): commit them, or try with --dry-run --allow-dirty`,
    );
  if (problems.length > 0)
    throw new Error(
      `this is not ready to be released as ${version}:\n${problems.map((each) => `  - ${each}`).join('\n')}`,
    );
  console.log(`Capstan ${version}: every version agrees`);
}

function runChecks(): void {
  console.log('running every check (npm test) ...');
  const { status } = spawnSync(process.execPath, [join(root, 'scripts', 'check.ts')], { cwd: root, stdio: 'inherit' });
  if (status !== 0) throw new Error('the checks failed, as told above; nothing was made');
}

function make(version: string, source: SourceTree, { out: outdir, parts }: Options): Promise<Release> {
  const line = progressLine(process.stderr);
  let before = 0;
  return buildRelease({
    version,
    source,
    parts,
    outdir,
    onProgress: (progress) => {
      line.show(progress);
      if (!progress.done) return;
      line.clear();
      console.log(`✓ ${progress.title} (${formatDuration(progress.elapsedMs - before)})`);
      before = progress.elapsedMs;
    },
  });
}

function print({ files }: Release, outdir: string): void {
  const rows = files.map(({ path, bytes, sha256 }) => [path, sizeText(bytes), sha256]);
  console.log(`\n${formatTable(['ARTEFACT', 'SIZE', 'SHA256'], rows)}\n`);
  console.log(`${files.length} files in ${relative('.', outdir)}; to check them: sha256sum --check ${checksumFile}`);
}

function sizeText(bytes: number): string {
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
