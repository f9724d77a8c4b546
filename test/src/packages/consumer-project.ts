import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inject } from 'vitest';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** Variables by which a test run speaks to what it starts. How npm reaches its registry is the machine's, and stays. */
const ofThisRun =
  /^(VITEST|CAPSTAN_|NODE_ENV|NODE_OPTIONS|NODE_PATH|INIT_CWD|KUBECONFIG|FORCE_COLOR|npm_(lifecycle|package)_)/;

/** A tarball of a package, by its name. */
export type Tarballs = Readonly<Record<string, string>>;

/** How a command ended, with all that it printed. */
export interface Ending {
  readonly code: number;
  readonly output: string;
}

/**
 * An empty project in which packages are installed from their tarballs, as npm installs published ones, with the tools that the
 * guide takes from the clone. Only Node and the command `capstan`, which is no package yet, are this checkout's.
 */
export class ConsumerProject implements AsyncDisposable {
  readonly directory: string;

  private constructor(directory: string) {
    this.directory = directory;
  }

  /** @throws {Error} with what npm said, when it cannot install the packages */
  static async open(tarballs: Tarballs): Promise<ConsumerProject> {
    const project = new ConsumerProject(await mkdtemp(join(tmpdir(), 'capstan-consumer-')));
    await writeFile(join(project.directory, 'package.json'), JSON.stringify(await manifest(tarballs)));
    const options = ['--prefer-offline', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
    const { code, output } = await project.run(project.directory, ['npm', 'install', ...options]);
    if (code !== 0) throw new Error(`npm cannot install the packages from their tarballs:\n${output}`);
    const tools = join(project.directory, 'node_modules', '.bin');
    await symlink(process.execPath, join(tools, 'node'));
    await symlink(join(root, 'cli', 'bin', 'capstan.mjs'), join(tools, 'capstan'));
    return project;
  }

  /** Runs a command as a person in a terminal would: nothing of this test run or its checkout reaches it. */
  async run(cwd: string, [program = '', ...args]: readonly string[]): Promise<Ending> {
    const assets = dirname(inject('kubectl'));
    const own = Object.entries(process.env).filter(([name]) => !ofThisRun.test(name));
    const system = (process.env['PATH'] ?? '').split(delimiter).filter((each) => !each.includes('node_modules'));
    const tools = [assets, join(this.directory, 'node_modules', '.bin'), dirname(process.execPath)];
    const env = {
      ...Object.fromEntries(own),
      PATH: [...tools, ...system].join(delimiter),
      CAPSTAN_CACHE: join(this.directory, '.cache'),
      KUBEBUILDER_ASSETS: assets,
      NO_COLOR: '1',
    };
    return await new Promise((resolve) => {
      execFile(program, args, { cwd, env, maxBuffer: 16 * 1024 * 1024 }, (error, stdout, stderr) => {
        const code = typeof error?.code === 'number' ? error.code : error === null ? 0 : 1;
        resolve({ code, output: stdout + stderr });
      });
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.run(this.directory, ['npx', 'capstan', 'down', '--all']);
    await rm(this.directory, { recursive: true, force: true });
  }
}

/** Others' packages have the versions of this checkout, so that no test fails for what somebody publishes meanwhile. */
async function manifest(tarballs: Tarballs): Promise<object> {
  const { devDependencies } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const scaffold = JSON.parse(await readFile(join(root, 'cli/templates/operator/package.json'), 'utf8'));
  const tools = ['@types/node', 'esbuild', 'typescript', 'vitest'].map((name) => [name, devDependencies[name]]);
  const dependencies = Object.fromEntries(Object.entries(tarballs).map(([name, path]) => [name, `file:${path}`]));
  return {
    private: true,
    type: 'module',
    dependencies,
    devDependencies: { ...Object.fromEntries(tools), yaml: scaffold.devDependencies.yaml },
    overrides: await testedVersions(Object.keys(tarballs)),
  };
}

async function testedVersions(names: readonly string[]): Promise<Readonly<Record<string, string>>> {
  const versions: Record<string, string> = {};
  for (const name of names) {
    const path = join(root, 'packages', name.replace('@capstan/', ''), 'package.json');
    const { dependencies = {} }: { readonly dependencies?: Readonly<Record<string, string>> } = JSON.parse(
      await readFile(path, 'utf8'),
    );
    for (const [each, version] of Object.entries(dependencies)) if (!names.includes(each)) versions[each] = version;
  }
  return versions;
}
