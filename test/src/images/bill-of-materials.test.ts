import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Spec, Validation } from '@cyclonedx/cyclonedx-library';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BundledPrograms, bundlePrograms, programsOf } from '../../../scripts/bundle.ts';
import type { DebianPackage } from '../../../scripts/image/debian-packages.ts';
import { lockIntegrity } from '../../../scripts/image/lock-integrity.ts';
import { billOfMaterials } from '../../../scripts/image/sbom.ts';

const repository = fileURLToPath(new URL('../../..', import.meta.url));
const names = await readdir(join(repository, 'operators'));

interface Component {
  readonly type: string;
  readonly group?: string;
  readonly name: string;
  readonly version: string;
  readonly purl: string;
  readonly 'bom-ref': string;
  readonly licenses?: readonly object[];
  readonly hashes?: readonly { readonly alg: string; readonly content: string }[];
}

interface Bill {
  readonly bomFormat: string;
  readonly specVersion: string;
  readonly serialNumber: string;
  readonly metadata: { readonly component: Component };
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn?: readonly string[] }[];
}

const digest = `sha256:${'ab'.repeat(32)}`;
const node = { version: '24.0.0', program: Buffer.from('a program'), license: '' };
const libc: DebianPackage = {
  name: 'libc6',
  version: '2.36-9+deb12u1',
  architecture: 'amd64',
  control: 'Package: libc6\nDepends: libgcc-s1, libcrypt1 (>= 1)\n',
  archive: { path: '', sha256: 'cd'.repeat(32), bytes: 1 },
  entries: [],
};
const libgcc: DebianPackage = { ...libc, name: 'libgcc-s1', control: 'Package: libgcc-s1\nDepends: libc6 (>= 2.35)\n' };

async function billFor(bundle: BundledPrograms): Promise<string> {
  const image = {
    repository: 'capstan/x-operator',
    version: '1.2.3',
    architecture: 'amd64',
    digest,
    time: 86_400,
  } as const;
  const integrityOf = await lockIntegrity(repository);
  return billOfMaterials({ ...image, packages: bundle.packages, integrityOf, node, debian: [libc, libgcc] });
}

/** From the paths of the metafile alone, another way than the code under test goes. */
function namesInMetafile({ metafile }: BundledPrograms, root: string): readonly string[] {
  const inputs = Object.values(metafile.outputs).flatMap(({ inputs: read }) => Object.entries(read));
  const inside = inputs.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([path]) => resolve(root, path));
  const found = inside.map((path) => {
    const [theirs] = path.split('/node_modules/').slice(1).toReversed();
    if (theirs !== undefined)
      return theirs
        .split('/')
        .slice(0, theirs.startsWith('@') ? 2 : 1)
        .join('/');
    const [kind, name] = path.slice(repository.length).split('/');
    return `@capstan/${name}${kind === 'operators' ? '-operator' : ''}`;
  });
  return [...new Set(found)].toSorted();
}

describe.each(names)('the bill of materials of the %s operator', (operator) => {
  const root = join(repository, 'operators', operator);
  let dir: string;
  let bundle: BundledPrograms;
  let text: string;
  let bill: Bill;

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'capstan-bill-'));
    bundle = await bundlePrograms({ root, programs: await programsOf(root), outdir: dir });
    text = await billFor(bundle);
    bill = JSON.parse(text);
  }, 60_000);

  afterAll(() => rm(dir, { recursive: true }));

  it('is CycloneDX 1.6', async () => {
    expect(bill).toMatchObject({ bomFormat: 'CycloneDX', specVersion: '1.6' });
    // Needs further packages, which a clone need not have; then it throws a MissingOptionalDependencyError.
    const trouble = await new Validation.JsonStrictValidator(Spec.Version.v1dot6)
      .validate(text)
      .catch((error: unknown) => {
        if (!(error instanceof Validation.MissingOptionalDependencyError)) throw error;
        console.info(
          'the schema of CycloneDX was not checked: npm install --no-save ajv ajv-formats ajv-formats-draft2019',
        );
        return null;
      });
    expect(trouble).toBeNull();
  });

  it('holds each package of which something is in the bundle, and nothing else of npm', () => {
    const listed = bill.components.filter(({ purl }) => purl.startsWith('pkg:npm/'));
    const full = listed.map(({ group, name }) => (group === undefined ? name : `${group}/${name}`));
    expect(full.toSorted()).toEqual(namesInMetafile(bundle, root));
  });

  it('says of each package its version, its licence and the checksum of the lock', async () => {
    const { packages } = JSON.parse(await readFile(join(repository, 'package-lock.json'), 'utf8'));
    for (const { group, name, version, licenses, hashes } of bill.components.filter(({ purl }) =>
      purl.startsWith('pkg:npm/'),
    )) {
      expect([name, licenses]).toEqual([name, [expect.anything()]]);
      if (group === '@capstan') continue;
      const path = `node_modules/${group === undefined ? name : `${group}/${name}`}`;
      // Two versions of one package lie in different folders.
      const locked = Object.keys(packages)
        .filter((key) => key.endsWith(path))
        .map((key) => packages[key]);
      const found = locked.find((one) => one.version === version);
      const hex = Buffer.from(String(found?.integrity).replace('sha512-', ''), 'base64').toString('hex');
      expect([name, hashes]).toEqual([name, [{ alg: 'SHA-512', content: hex }]]);
    }
  });

  it('holds Node and the packages of Debian, with the checksum of what was taken', () => {
    const others = bill.components.filter(({ purl }) => !purl.startsWith('pkg:npm/'));
    expect(others.map(({ name, type, purl, hashes }) => [name, type, purl, hashes?.[0]?.alg]).toSorted()).toEqual([
      ['libc6', 'library', 'pkg:deb/debian/libc6@2.36-9%2Bdeb12u1?arch=amd64&distro=debian-12', 'SHA-256'],
      ['libgcc-s1', 'library', 'pkg:deb/debian/libgcc-s1@2.36-9%2Bdeb12u1?arch=amd64&distro=debian-12', 'SHA-256'],
      ['nodejs', 'platform', 'pkg:generic/nodejs@24.0.0', 'SHA-256'],
    ]);
  });

  it('reaches every component from the image, by who needs whom', () => {
    const needs = new Map(bill.dependencies.map(({ ref, dependsOn = [] }) => [ref, dependsOn]));
    const reached = new Set([bill.metadata.component['bom-ref']]);
    for (const ref of reached) for (const needed of needs.get(ref) ?? []) reached.add(needed);
    expect(bill.components.map((component) => component['bom-ref']).filter((ref) => !reached.has(ref))).toEqual([]);
    expect(needs.get('pkg:deb/debian/libc6@2.36-9%2Bdeb12u1?arch=amd64&distro=debian-12')).toEqual([
      'pkg:deb/debian/libgcc-s1@2.36-9%2Bdeb12u1?arch=amd64&distro=debian-12',
    ]);
  });

  it('is the same text for the same image', async () => {
    expect(await billFor(bundle)).toBe(text);
  });
});

it('is not made where the lock does not know a package of somebody else', async () => {
  const integrityOf = await lockIntegrity(repository);
  const stranger = { name: 'x', version: '1.0.0', license: 'MIT', isOurs: false, imports: [] };
  expect(() => integrityOf({ ...stranger, folder: join(repository, 'node_modules/x-of-nobody') })).toThrow(
    'package-lock.json has no integrity of node_modules/x-of-nobody: run npm ci',
  );
});
