import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { UserError } from '../failure.ts';
import { linkedTo } from './capstan-packages.ts';
import { type NamesAsked, type ScaffoldNames, scaffoldNames } from './scaffold-names.ts';
import { identifiersOf, renderedFor, type ScaffoldFile, templateFiles } from './template.ts';

export interface ScaffoldOptions extends NamesAsked {
  /** Where to make it; a directory that does not exist yet, or is empty. */
  readonly directory: string;
  /** A clone of Capstan to link its packages from; by version unless told. */
  readonly capstanFrom?: string;
}

/** What was made. */
export interface Scaffold {
  readonly directory: string;
  readonly names: ScaffoldNames;
  /** From the root of the new repository. */
  readonly paths: readonly string[];
}

/** Words of the template's code that are not declared where {@link identifiersOf} looks, and words of TypeScript itself. */
const taken: ReadonlySet<string> = new Set(
  (
    'pass resource world namespace type string number boolean object symbol unknown never any void undefined null true false ' +
    'class function const let var new this super return default delete export import package enum interface static switch case ' +
    'catch try throw while for if else in of do with yield await async break continue debugger extends finally typeof instanceof'
  ).split(' '),
);

/**
 * Writes the repository of a new operator that works and passes its own tests.
 * @throws {UserError} for names that cannot be used, and for a directory with something in it; then nothing is written
 */
export async function scaffold(options: ScaffoldOptions): Promise<Scaffold> {
  const names = scaffoldNames(options);
  const directory = resolve(options.directory);
  const template = await templateFiles();
  refuseCollision(names, template);
  await refuseUnlessEmpty(directory);
  const files = await Promise.all(
    template.map((file) => finished(renderedFor(names, file), directory, options.capstanFrom)),
  );
  for (const { path, contents } of files) await write(join(directory, path), contents);
  return { directory, names, paths: files.map(({ path }) => path) };
}

function refuseCollision({ words }: ScaffoldNames, template: readonly ScaffoldFile[]): void {
  const own = new Set(['SampleApp', 'sampleApp']);
  const used = identifiersOf(template);
  const collision = [words.kind, words.camel].find((word) => !own.has(word) && (used.has(word) || taken.has(word)));
  if (collision === undefined) return;
  throw new UserError(
    `the kind "${words.kind}" cannot be used: "${collision}" means something else in the code of an operator; choose another with --kind, such as My${words.kind}`,
  );
}

async function refuseUnlessEmpty(directory: string): Promise<void> {
  const found = await readdir(directory).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw new UserError(`${directory} cannot be used: ${error instanceof Error ? error.message : String(error)}`);
  });
  const inTheWay = found.filter((name) => name !== '.git');
  if (inTheWay.length > 0)
    throw new UserError(
      `${directory} is not empty (${inTheWay.slice(0, 3).join(', ')}): nothing was written; choose another name, or --directory`,
    );
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

async function finished(file: ScaffoldFile, root: string, clone: string | undefined): Promise<ScaffoldFile> {
  return file.path === 'package.json' && clone !== undefined ? linkedTo(clone, root, file) : file;
}

async function write(path: string, contents: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, contents);
}
