import { glob, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { tarballName } from '../packages/publish-manifest.ts';
import { sourcePackages } from '../packages/source-package.ts';
import { type BaseImage, baseImageOf, resolveDigest } from './base-image.ts';
import type { Release } from './build-release.ts';
import { type Destination, type PinnedBase, publishCommands } from './publish-commands.ts';

/**
 * Finds out what publishing needs: the digest of every base image, from its registry.
 * @returns gives the commands for a release, as one text, once that is made
 * @throws {NoDigest} when a registry is not reachable
 */
export async function publishCommandsFor(
  root: string,
  destination: Destination,
): Promise<(release: Release, outdir: string) => string> {
  const bases = await pinnedBases(root);
  const npmOrder = await inOrderOfNeed(root);
  return ({ manifest }, outdir) => {
    const commands = publishCommands({ manifest, outdir, destination, bases, npmOrder });
    return `to publish it, run in ${root}:\n${commands.map((command) => `  ${command}`).join('\n')}`;
  };
}

async function pinnedBases(root: string): Promise<ReadonlyMap<string, PinnedBase>> {
  const bases = new Map<string, PinnedBase>();
  const known = new Map<string, string>();
  for await (const path of glob('operators/*/Containerfile', { cwd: root })) {
    const base = baseImageOf(await readFile(join(root, path), 'utf8'), path);
    bases.set(basename(dirname(path)), { ...base, digest: await digestOf(base, known) });
  }
  return new Map([...bases].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** Operators on one base get one answer, though its tag may move meanwhile. */
async function digestOf(base: BaseImage, known: Map<string, string>): Promise<string> {
  const image = `${base.name}:${base.tag}`;
  const digest = known.get(image) ?? (await resolveDigest(base));
  known.set(image, digest);
  return digest;
}

/** The tarballs of the npm packages, each after those that it needs: whoever installs meanwhile finds them. */
async function inOrderOfNeed(root: string): Promise<readonly string[]> {
  const packages = await sourcePackages(root);
  const byName = new Map(packages.map(({ manifest }) => [manifest.name, manifest]));
  const ordered = new Set<string>();
  const add = (name: string): void => {
    for (const needed of Object.keys(byName.get(name)?.dependencies ?? {})) if (byName.has(needed)) add(needed);
    ordered.add(name);
  };
  for (const name of byName.keys()) add(name);
  return [...ordered].flatMap((name) => {
    const manifest = byName.get(name);
    return manifest === undefined ? [] : [`npm/${tarballName(manifest)}`];
  });
}
