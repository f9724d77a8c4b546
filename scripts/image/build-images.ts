/**
 * `npm run images -- [directory] [--arch amd64,arm64]`: the image of every operator as a file, with its bundle, its bill of materials and its
 * digest. Needs no container registry and no container engine, but apt, whose archive has the libraries that Node is linked against.
 */
import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { type BundledPrograms, bundlePrograms, programsOf } from '../bundle.ts';
import { type Architecture, architectures, thisArchitecture } from './architecture.ts';
import { type Artefact, artefactOf } from './artefact.ts';
import type { BundledPackage } from './bundled-packages.ts';
import { type DebianPackage, debianPackages, type Freshness } from './debian-packages.ts';
import { type Layer, layerOf, nodeFiles, systemFiles } from './layers.ts';
import { lockIntegrity } from './lock-integrity.ts';
import { type NodeDistribution, nodeDistribution } from './node-distribution.ts';
import { imageArchive } from './oci-archive.ts';
import { billOfMaterials } from './sbom.ts';
import type { TarEntry } from './tar-archive.ts';

const repository = fileURLToPath(new URL('../..', import.meta.url));

/** The image of an operator, and what goes with it. */
export interface BuiltImage {
  /** `streambus-operator`. */
  readonly name: string;
  readonly version: string;
  /** `capstan/streambus-operator:0.2.0`. */
  readonly reference: string;
  /** The programs, and the licences of what is inside: the same for every architecture. */
  readonly bundle: readonly Artefact[];
  readonly builds: readonly ImageBuild[];
}

/** An image for one architecture. */
export interface ImageBuild {
  readonly architecture: Architecture;
  /** `sha256:...` of the image's manifest. */
  readonly digest: string;
  /** From the bottom to the top: what each holds, and its bytes, gzipped. */
  readonly layers: readonly { readonly holds: string; readonly bytes: number }[];
  /** A tar of an OCI image layout. */
  readonly archive: Artefact;
  /** CycloneDX 1.6, JSON. */
  readonly sbom: Artefact;
}

export interface ImageOptions {
  /** Operators by the folder they lie in, such as `streambus`; all unless told. */
  readonly operators?: readonly string[];
  /** That of this machine unless told. */
  readonly architectures?: readonly Architecture[];
  /** Seconds since 1970 that everything in the images bears; `SOURCE_DATE_EPOCH` unless told, and 0 where that is not set. */
  readonly time?: number;
  /** `newest` unless told. */
  readonly debian?: Freshness;
}

/**
 * Makes the image of each operator in `outdir`, in a folder of the operator's name. The same sources, the same Node and the same
 * packages of Debian give the same bytes.
 * @throws {Error} where Debian's packages or Node's cannot be had
 */
export async function buildImages(outdir: string, options: ImageOptions = {}): Promise<readonly BuiltImage[]> {
  const { architectures: wanted = [thisArchitecture()], time = sourceDate(), debian = 'newest' } = options;
  const names = options.operators ?? (await operatorFolders());
  const bases: readonly Base[] = await Promise.all(wanted.map((architecture) => baseOf(architecture, time, debian)));
  const [integrityOf, revision] = [await lockIntegrity(repository), await currentRevision()];
  const images: BuiltImage[] = [];
  for (const operator of names)
    images.push(await buildImage({ operator, outdir: resolve(outdir), bases, time, integrityOf, revision }));
  return images;
}

/** What the images of one architecture share: everything but the operator. */
interface Base {
  readonly architecture: Architecture;
  readonly node: NodeDistribution;
  readonly debian: readonly DebianPackage[];
  readonly layers: readonly Layer[];
}

async function baseOf(architecture: Architecture, time: number, freshness: Freshness): Promise<Base> {
  const node = await nodeDistribution(architecture);
  const debian = await debianPackages(architecture, freshness);
  const layers = [
    await layerOf('libraries and certificate authorities of Debian 12', systemFiles(architecture, debian), time),
    await layerOf(`Node ${node.version}`, nodeFiles(node), time),
  ];
  return { architecture, node, debian, layers };
}

interface ImageOrder {
  readonly operator: string;
  readonly outdir: string;
  readonly bases: readonly Base[];
  readonly time: number;
  readonly integrityOf: (found: BundledPackage) => string | undefined;
  readonly revision: string | undefined;
}

async function buildImage(order: ImageOrder): Promise<BuiltImage> {
  const root = join(repository, 'operators', order.operator);
  const name = `${order.operator}-operator`;
  const folder = join(order.outdir, name);
  const { version, description, license } = await manifestOf(root);
  const bundle = await bundlePrograms({ root, programs: await programsOf(root), outdir: folder });
  const labels = {
    'org.opencontainers.image.title': name,
    'org.opencontainers.image.description': description,
    'org.opencontainers.image.version': version,
    'org.opencontainers.image.licenses': license,
    ...(order.revision !== undefined && { 'org.opencontainers.image.revision': order.revision }),
  };
  const top = await layerOf(`${name} ${version}`, await operatorFiles(bundle), order.time);
  const image = { name, version, reference: `capstan/${name}:${version}` };
  const builds: ImageBuild[] = [];
  for (const base of order.bases) builds.push(await buildFor(base, { order, image, labels, top, bundle, folder }));
  return { ...image, bundle: await Promise.all([...bundle.programs, bundle.notice].map(artefactOf)), builds };
}

interface Build {
  readonly order: ImageOrder;
  readonly image: Pick<BuiltImage, 'name' | 'version' | 'reference'>;
  readonly labels: Readonly<Record<string, string>>;
  readonly top: Layer;
  readonly bundle: BundledPrograms;
  readonly folder: string;
}

async function buildFor(base: Base, { order, image, labels, top, bundle, folder }: Build): Promise<ImageBuild> {
  const { architecture, node, debian } = base;
  const { time, integrityOf } = order;
  const { name, version, reference } = image;
  const layers = [...base.layers, top];
  const { bytes, digest } = await imageArchive({ reference, architecture, layers, labels, time });
  const path = join(folder, `${name}-${version}-${architecture}`);
  await mkdir(folder, { recursive: true });
  await writeFile(`${path}.oci.tar`, bytes);
  const contents = { version, architecture, digest, time, packages: bundle.packages, integrityOf, node, debian };
  await writeFile(`${path}.cdx.json`, billOfMaterials({ repository: `capstan/${name}`, ...contents }));
  const [archive, sbom] = [await artefactOf(`${path}.oci.tar`), await artefactOf(`${path}.cdx.json`)];
  const weights = layers.map(({ holds, blob }) => ({ holds, bytes: blob.length }));
  return { architecture, digest, layers: weights, archive, sbom };
}

async function operatorFiles({ programs, notice }: BundledPrograms): Promise<readonly TarEntry[]> {
  const read = async (path: string) => ({ kind: 'file', bytes: await readFile(path) }) as const;
  return Promise.all([...programs, notice].map(async (path) => ({ path: basename(path), content: await read(path) })));
}

async function operatorFolders(): Promise<readonly string[]> {
  const entries = await readdir(join(repository, 'operators'), { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .toSorted();
}

interface Manifest {
  readonly version: string;
  readonly description: string;
  readonly license: string;
}

async function manifestOf(root: string): Promise<Manifest> {
  return JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
}

/** See https://reproducible-builds.org/specs/source-date-epoch/. */
function sourceDate(): number {
  const told = process.env['SOURCE_DATE_EPOCH'] ?? '0';
  if (/^\d+$/.test(told)) return Number(told);
  throw new Error(`SOURCE_DATE_EPOCH is "${told}": it must be a whole number of seconds since 1970`);
}

/** Of the sources; undefined outside a clone, as in an unpacked archive. */
async function currentRevision(): Promise<string | undefined> {
  const asked = promisify(execFile)('git', ['rev-parse', 'HEAD'], { cwd: repository });
  return asked.then(
    ({ stdout }) => stdout.trim(),
    () => undefined,
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { arch: { type: 'string' } } });
  const wanted = values.arch?.split(',').map(architectureNamed);
  const images = await buildImages(
    positionals[0] ?? 'dist/images',
    wanted === undefined ? {} : { architectures: wanted },
  );
  for (const { reference, builds } of images)
    for (const { architecture, digest, archive } of builds)
      console.log(`${reference} ${architecture} ${digest} ${(archive.bytes / 1e6).toFixed(1)} MB`);
}

function architectureNamed(name: string): Architecture {
  if (name === 'amd64' || name === 'arm64') return name;
  throw new Error(`--arch: "${name}" is not known; there are ${Object.keys(architectures).join(' and ')}`);
}
