import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { UserError } from '../failure.ts';
import type { ScaffoldFile } from './template.ts';

/** The dependencies of a package.json, as far as they are of interest here. */
interface Manifest {
  readonly name?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/**
 * The scaffold's package.json with Capstan's packages linked from a clone instead of named by version. Those that they need
 * in turn are linked too: npm would look for them in its registry otherwise.
 *
 * @param clone path of a clone of Capstan
 * @throws {UserError} when there is no such clone
 */
export async function linkedTo(clone: string, root: string, file: ScaffoldFile): Promise<ScaffoldFile> {
  const packages = await packagesOf(clone);
  const manifest: Manifest = JSON.parse(file.contents);
  const { dependencies = {}, devDependencies = {} } = manifest;
  const needed = needs([...Object.keys(dependencies), ...Object.keys(devDependencies)], packages);
  const pathOf = (name: string) =>
    `file:${relative(root, packages.get(name)?.directory ?? '')
      .split('\\')
      .join('/')}`;
  const link = (deps: Readonly<Record<string, string>>) =>
    Object.fromEntries(
      Object.entries(deps).map(([name, version]) => [name, packages.has(name) ? pathOf(name) : version]),
    );
  const further = [...needed].filter((name) => !(name in dependencies) && !(name in devDependencies)).toSorted();
  const contents = {
    ...manifest,
    dependencies: link(dependencies),
    devDependencies: sorted({
      ...link(devDependencies),
      ...Object.fromEntries(further.map((name) => [name, pathOf(name)])),
    }),
  };
  return { ...file, contents: `${JSON.stringify(contents, undefined, 2)}\n` };
}

interface ClonedPackage {
  readonly directory: string;
  readonly manifest: Manifest;
}

async function packagesOf(clone: string): Promise<ReadonlyMap<string, ClonedPackage>> {
  const directory = resolve(clone, 'packages');
  const isClone = await stat(join(directory, 'runtime', 'package.json')).then(
    () => true,
    () => false,
  );
  if (!isClone) throw new UserError(`${clone} is no clone of Capstan: there is no packages/runtime/package.json in it`);
  const found = new Map<string, ClonedPackage>();
  for (const name of await readdir(directory)) {
    const text = await readFile(join(directory, name, 'package.json'), 'utf8').catch(() => undefined);
    if (text === undefined) continue;
    const manifest: Manifest = JSON.parse(text);
    if (manifest.name !== undefined) found.set(manifest.name, { directory: join(directory, name), manifest });
  }
  return found;
}

/** These of the clone's packages, and what they need at run time, and so on. */
function needs(names: readonly string[], packages: ReadonlyMap<string, ClonedPackage>): ReadonlySet<string> {
  const found = new Set<string>();
  const open = names.filter((name) => packages.has(name));
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (found.has(name)) continue;
    found.add(name);
    const further = Object.keys(packages.get(name)?.manifest.dependencies ?? {});
    open.push(...further.filter((each) => packages.has(each)));
  }
  return found;
}

function sorted(entries: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(entries).toSorted(([a], [b]) => a.localeCompare(b)));
}
