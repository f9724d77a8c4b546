import type { BaseImage } from './base-image.ts';
import type { ReleaseManifest } from './build-release.ts';

/** A base image with the digest that its tag stood for when it was asked. */
export interface PinnedBase extends BaseImage {
  readonly digest: string;
}

/** What a person decides about where a release goes. */
export interface Destination {
  /** Such as `registry.example.com/capstan`: each image is `<this>/<operator>:<version>`. */
  readonly imageRegistry: string;
  /** Such as `registry.example.com/charts`, for `helm push`. */
  readonly chartRegistry: string;
}

/** What is needed to publish a release. */
export interface Publishing {
  readonly manifest: ReleaseManifest;
  /** The folder of the release, as the commands name it. */
  readonly outdir: string;
  readonly destination: Destination;
  /** Operators with the base that their image is built upon. */
  readonly bases: ReadonlyMap<string, PinnedBase>;
  /** Paths of the npm tarballs, each after those that it needs. */
  readonly npmOrder: readonly string[];
}

/**
 * The commands that publish a release, in order: first it is checked, then come packages, images and charts, and last the tag
 * that tells everybody. Nothing is run here: each needs the account of a person.
 */
export function publishCommands({ manifest, outdir, destination, bases, npmOrder }: Publishing): readonly string[] {
  const { version, commit, artefacts } = manifest;
  const charts = artefacts.map(({ path }) => path).filter((path) => /^charts\/.+\.tgz$/.test(path));
  return [
    `(cd ${outdir} && sha256sum --check SHA256SUMS)`,
    ...npmOrder.map((tarball) => `npm publish ${outdir}/${tarball} --access public`),
    ...[...bases].flatMap(([operator, base]) => imageCommands(operator, base, destination, manifest)),
    ...charts.map((chart) => `helm push ${outdir}/${chart} oci://${destination.chartRegistry}`),
    `git tag --sign v${version} --message "Capstan ${version}" ${commit}`,
    `git push origin v${version}`,
  ];
}

function imageCommands(
  operator: string,
  { argument, digest }: PinnedBase,
  { imageRegistry }: Destination,
  { version, commit }: ReleaseManifest,
): readonly string[] {
  const image = `${imageRegistry}/${operator}-operator:${version}`;
  const folder = `operators/${operator}`;
  const told = { [argument]: digest, VERSION: version, REVISION: commit };
  const options = Object.entries(told).map(([name, value]) => `--build-arg ${name}=${value}`);
  return [
    `npm run build --workspace @capstan/${operator}-operator`,
    `podman build --file ${folder}/Containerfile ${options.join(' ')} --tag ${image} ${folder}`,
    `podman push ${image}`,
  ];
}
