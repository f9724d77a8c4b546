import { Enums, Models, Serialize, SPDX, Spec } from '@cyclonedx/cyclonedx-library';
import type { Architecture } from './architecture.ts';
import { sha256Of } from './artefact.ts';
import { type BundledPackage, keyOf } from './bundled-packages.ts';
import type { DebianPackage } from './debian-packages.ts';
import type { NodeDistribution } from './node-distribution.ts';

/** What is in an image, and what the image is. */
export interface ImageContents {
  /** Of the image, without registry and tag: `capstan/streambus-operator`. */
  readonly repository: string;
  readonly version: string;
  readonly architecture: Architecture;
  /** `sha256:...` of the image's manifest. */
  readonly digest: string;
  /** Seconds since 1970. */
  readonly time: number;
  /** What is in the bundles. */
  readonly packages: readonly BundledPackage[];
  /** What npm's lock says of the bytes of a package: its subresource integrity; undefined for a package of the repository itself. */
  readonly integrityOf: (found: BundledPackage) => string | undefined;
  readonly node: NodeDistribution;
  readonly debian: readonly DebianPackage[];
}

/**
 * The bill of materials of an image, CycloneDX 1.6 in JSON: every npm package with code in the bundles, Node, every package of Debian;
 * with versions, licences, checksums, and who needs whom. The same contents give the same text.
 */
export function billOfMaterials(contents: ImageContents): string {
  const bundled = new Map(contents.packages.map((found) => [keyOf(found), bundledComponent(found, contents)]));
  const debian = new Map(contents.debian.map((found) => [found.name, debianComponent(found)]));
  const node = nodeComponent(contents.node);
  for (const found of contents.packages) dependOn(bundled.get(keyOf(found)), pick(bundled, found.imports));
  for (const found of contents.debian) dependOn(debian.get(found.name), pick(debian, namesNeededBy(found)));
  dependOn(node, pick(debian, ['libc6', 'libstdc++6', 'libgcc-s1']));
  const image = imageComponent(contents);
  const programs = contents.packages.filter(isProgram);
  dependOn(image, [node, ...debian.values(), ...pick(bundled, programs.map(keyOf))]);
  const bom = new Models.Bom({
    serialNumber: serialNumberOf(contents.digest),
    metadata: new Models.Metadata({ component: image, timestamp: new Date(contents.time * 1_000) }),
    components: new Models.ComponentRepository([...bundled.values(), node, ...debian.values()]),
  });
  const serializer = new Serialize.JsonSerializer(new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6));
  return `${serializer.serialize(bom, { sortLists: true, space: 2 })}\n`;
}

/** An operator is what nothing else of the bundle imports; it alone depends on the rest. */
function isProgram({ isOurs, name }: BundledPackage): boolean {
  return isOurs && name.endsWith('-operator');
}

function imageComponent({ repository, version, architecture, digest }: ImageContents): Models.Component {
  const name = repository.slice(repository.lastIndexOf('/') + 1);
  return new Models.Component(Enums.ComponentType.Container, repository, {
    version,
    bomRef: digest,
    purl: `pkg:oci/${name}@${encodeURIComponent(digest)}?arch=${architecture}&tag=${version}`,
    hashes: new Models.HashDictionary([[Enums.HashAlgorithm['SHA-256'], digest.replace('sha256:', '')]]),
  });
}

function bundledComponent(found: BundledPackage, { integrityOf }: ImageContents): Models.Component {
  const type = isProgram(found) ? Enums.ComponentType.Application : Enums.ComponentType.Library;
  const purl = `pkg:npm/${found.name.replace('@', '%40')}@${found.version}`;
  const [name = '', group] = found.name.split('/').toReversed();
  const integrity = integrityOf(found);
  return new Models.Component(type, name, {
    ...(group !== undefined && { group }),
    version: found.version,
    bomRef: purl,
    purl,
    ...(found.license !== undefined && { licenses: new Models.LicenseRepository([licenseOf(found.license)]) }),
    ...(integrity !== undefined && { hashes: hashesOf(integrity) }),
  });
}

function licenseOf(license: string): Models.License {
  if (SPDX.isSupportedSpdxId(license)) return new Models.SpdxLicense(license);
  return / (OR|AND|WITH) /.test(license) ? new Models.LicenseExpression(license) : new Models.NamedLicense(license);
}

/** npm writes `sha512-` and Base64, CycloneDX hexadecimal. */
function hashesOf(integrity: string): Models.HashDictionary {
  const [algorithm, base64 = ''] = integrity.split('-');
  if (algorithm !== 'sha512') throw new Error(`package-lock.json has an integrity that is no SHA-512: ${integrity}`);
  return new Models.HashDictionary([[Enums.HashAlgorithm['SHA-512'], Buffer.from(base64, 'base64').toString('hex')]]);
}

function nodeComponent({ version, program }: NodeDistribution): Models.Component {
  const purl = `pkg:generic/nodejs@${version}`;
  return new Models.Component(Enums.ComponentType.Platform, 'nodejs', {
    version,
    bomRef: purl,
    purl,
    cpe: `cpe:2.3:a:nodejs:node.js:${version}:*:*:*:*:*:*:*`,
    licenses: new Models.LicenseRepository([licenseOf('MIT')]),
    hashes: new Models.HashDictionary([[Enums.HashAlgorithm['SHA-256'], sha256Of(program)]]),
  });
}

function debianComponent({ name, version, architecture, archive }: DebianPackage): Models.Component {
  const [named, versioned] = [encodeURIComponent(name), encodeURIComponent(version)];
  const purl = `pkg:deb/debian/${named}@${versioned}?arch=${architecture}&distro=debian-12`;
  return new Models.Component(Enums.ComponentType.Library, name, {
    version,
    bomRef: purl,
    purl,
    hashes: new Models.HashDictionary([[Enums.HashAlgorithm['SHA-256'], archive.sha256]]),
  });
}

/** What dpkg would insist on, as far as it is in the image at all. */
function namesNeededBy({ control }: DebianPackage): readonly string[] {
  const needed = /^Depends: (.+)$/m.exec(control)?.[1]?.split(', ') ?? [];
  return needed.map((text) => text.replace(/[ :].*$/, ''));
}

function pick(from: ReadonlyMap<string, Models.Component>, keys: readonly string[]): readonly Models.Component[] {
  return keys.flatMap((key) => from.get(key) ?? []);
}

function dependOn(component: Models.Component | undefined, needed: readonly Models.Component[]): void {
  for (const { bomRef } of needed) component?.dependencies.add(bomRef);
}

/** Different for every image, and the same for the same: a UUID (version 8, RFC 9562) out of the digest. */
function serialNumberOf(digest: string): string {
  const hex = sha256Of(digest).slice(0, 32);
  const parts = [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20)];
  return `urn:uuid:${parts.join('-')}`;
}
