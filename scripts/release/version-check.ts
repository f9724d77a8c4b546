import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { changelogSection } from './changelog.ts';

/** Manifests of packages, as far as versions stand in them. */
interface Manifest {
  readonly name?: string;
  readonly version?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** The version of the repository's package.json, which every other place has to agree with. */
export async function repositoryVersion(root: string): Promise<string> {
  const { version }: Manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  if (version === undefined) throw new Error('package.json says no version');
  return version;
}

/** Every place that tells another version than this one, each as a sentence with its file; none when all agree. */
export async function versionProblems(root: string, version: string): Promise<readonly string[]> {
  const found = await Promise.all([
    packageProblems(root, version),
    scaffoldProblems(root, version),
    lineProblems(root, 'charts/*/Chart.yaml', /^(?:version|appVersion): *"?(?<told>[^"\s]+)/gm, version),
    lineProblems(root, 'deploy/{*,*/deployment}.yaml', /image: capstan\/[\w-]+-operator:(?<told>\S+)/g, version),
    changelogProblems(root, version),
  ]);
  return found.flat();
}

async function packageProblems(root: string, version: string): Promise<readonly string[]> {
  const workspaces = '{packages/*,operators/*,examples/*,cli,bench,test}/package.json';
  const manifests = await Promise.all(filesOf(root, workspaces).map((path) => manifestOf(root, path)));
  const ours = new Set(manifests.map(({ manifest }) => manifest.name));
  return manifests.flatMap(({ path, manifest }) => [
    ...(manifest.version === version ? [] : [`${path} has version ${manifest.version}, not ${version}`]),
    ...dependencyProblems(path, manifest, version, (name) => ours.has(name)),
  ]);
}

/** What `capstan init` writes has a version of its own, and names the packages by theirs. */
async function scaffoldProblems(root: string, version: string): Promise<readonly string[]> {
  const { path, manifest } = await manifestOf(root, 'cli/templates/operator/package.json');
  return dependencyProblems(path, manifest, version, (name) => name.startsWith('@capstan/'));
}

function dependencyProblems(
  path: string,
  { dependencies, devDependencies }: Manifest,
  version: string,
  isOurs: (name: string) => boolean,
): readonly string[] {
  return Object.entries({ ...dependencies, ...devDependencies })
    .filter(([name, told]) => isOurs(name) && told !== version)
    .map(([name, told]) => `${path} needs ${name} at ${told}, not ${version}`);
}

/** @param pattern finds each version told, as the group `told` */
async function lineProblems(root: string, files: string, pattern: RegExp, version: string): Promise<readonly string[]> {
  const problems: string[] = [];
  for (const path of filesOf(root, files)) {
    const text = await readFile(join(root, path), 'utf8');
    for (const { 0: line, groups } of text.matchAll(pattern))
      if (groups?.['told'] !== version) problems.push(`${path} says "${line}", not ${version}`);
  }
  return problems;
}

async function changelogProblems(root: string, version: string): Promise<readonly string[]> {
  try {
    changelogSection(await readFile(join(root, 'CHANGELOG.md'), 'utf8'), version);
    return [];
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}

function filesOf(root: string, pattern: string): readonly string[] {
  return globSync(pattern, { cwd: root }).toSorted();
}

async function manifestOf(root: string, path: string): Promise<{ readonly path: string; readonly manifest: Manifest }> {
  return { path, manifest: JSON.parse(await readFile(join(root, path), 'utf8')) };
}
