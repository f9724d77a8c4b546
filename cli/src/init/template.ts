import { readdir, readFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ScaffoldNames } from './scaffold-names.ts';

/** The operator that every new one is made from; it works as it stands. */
const templateDirectory = fileURLToPath(new URL('../../templates/operator', import.meta.url));

/** One file to write. */
export interface ScaffoldFile {
  /** Below the root of the new repository, with `/`. */
  readonly path: string;
  readonly contents: string;
}

/** npm leaves `.gitignore` out of packages, so the template's has another name. */
const renamed: Readonly<Record<string, string>> = { gitignore: '.gitignore' };

/** What lies about in a clone and is no part of the template. */
const leftOut: ReadonlySet<string> = new Set(['node_modules', 'dist', 'package-lock.json']);

/** Every file of the template with its own names, in the order of their paths. */
export async function templateFiles(): Promise<readonly ScaffoldFile[]> {
  const entries = await readdir(templateDirectory, { withFileTypes: true, recursive: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(templateDirectory.length + 1))
    .filter((path) => !path.split(sep).some((part) => leftOut.has(part)))
    .toSorted();
  return Promise.all(
    paths.map(async (path) => {
      const portable = path.split(sep).join('/');
      return { path: renamed[portable] ?? portable, contents: await readFile(join(templateDirectory, path), 'utf8') };
    }),
  );
}

/** The same file for another operator: its path and its text with the new names. */
export function renderedFor({ name, group, words }: ScaffoldNames, { path, contents }: ScaffoldFile): ScaffoldFile {
  // Longer before shorter: each of the template's names is found whole.
  const names: readonly (readonly [string, string])[] = [
    ['sample-app-operator', name],
    ['sample.example.dev', group],
    ['sample-app', words.kebab],
    ['sample app', words.phrase],
    ['Sample app', capitalised(words.phrase)],
    ['SampleApp', words.kind],
    ['sampleApp', words.camel],
    ['sampleapps', words.plural],
    ['sampleapp', words.lower],
  ];
  // In one go, so that a new name that holds an old one is not replaced again.
  const pattern = new RegExp(names.map(([from]) => from.replaceAll('.', '\\.')).join('|'), 'g');
  const byName = new Map(names);
  const render = (text: string) => text.replaceAll(pattern, (found) => byName.get(found) ?? found);
  return { path: render(path), contents: render(contents) };
}

/** The names that the template's own code has for things: a kind of the same name would collide. */
export function identifiersOf(files: readonly ScaffoldFile[]): ReadonlySet<string> {
  const code = files.filter(({ path }) => path.endsWith('.ts')).map(({ contents }) => contents);
  const declared = /\b(?:const|let|function|class|interface|type)\s+([A-Za-z_]\w*)/g;
  const listed = /(?:import|const)\s+(?:type\s+)?\{([^}]*)\}/g;
  const names = code.flatMap((text) => [
    ...[...text.matchAll(declared)].map(([, name = '']) => name),
    ...[...text.matchAll(listed)].flatMap(([, list = '']) => list.match(/[A-Za-z_]\w*/g) ?? []),
  ]);
  return new Set(names);
}

function capitalised(phrase: string): string {
  return `${phrase[0]?.toUpperCase() ?? ''}${phrase.slice(1)}`;
}
