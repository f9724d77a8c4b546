import type { Architecture } from './architecture.ts';
import { sha256Of } from './artefact.ts';
import { type Layer, nonRoot } from './layers.ts';
import { type TarEntry, tarArchive, textFile } from './tar-archive.ts';

/** What an image is made of. */
export interface ImageParts {
  /** `capstan/streambus-operator:0.2.0`. */
  readonly reference: string;
  readonly architecture: Architecture;
  /** From the bottom to the top. */
  readonly layers: readonly Layer[];
  readonly labels: Readonly<Record<string, string>>;
  /** Seconds since 1970. */
  readonly time: number;
}

/** An image in a file. */
export interface ImageArchive {
  /** A tar of an image layout: what `podman load`, `docker load`, `ctr images import`, `skopeo` and `crane` read. */
  readonly bytes: Buffer;
  /** `sha256:...` of the image's manifest: what a registry will call the image, and a pod may pin it by. */
  readonly digest: string;
}

const mediaTypes = {
  index: 'application/vnd.oci.image.index.v1+json',
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  config: 'application/vnd.oci.image.config.v1+json',
  layer: 'application/vnd.oci.image.layer.v1.tar+gzip',
} as const;

/** Puts an image together, by the OCI image specification 1.1. The same parts give the same bytes. */
export async function imageArchive(parts: ImageParts): Promise<ImageArchive> {
  const { layers, reference, architecture, time } = parts;
  const config = jsonBlob(mediaTypes.config, configOf(parts));
  const manifest = jsonBlob(mediaTypes.manifest, {
    schemaVersion: 2,
    mediaType: mediaTypes.manifest,
    config: config.descriptor,
    layers: layers.map(({ blob, sha256 }) => descriptorOf(mediaTypes.layer, blob, sha256)),
  });
  const annotations = {
    // The tag alone is what the specification means; containerd takes the whole name from its own annotation.
    'org.opencontainers.image.ref.name': reference.slice(reference.lastIndexOf(':') + 1),
    'io.containerd.image.name': `docker.io/${reference}`,
  };
  const index = {
    schemaVersion: 2,
    mediaType: mediaTypes.index,
    manifests: [{ ...manifest.descriptor, platform: { architecture, os: 'linux' }, annotations }],
  };
  const entries = [
    textFile('oci-layout', JSON.stringify({ imageLayoutVersion: '1.0.0' })),
    textFile('index.json', JSON.stringify(index)),
    ...[config, manifest].map(({ descriptor, bytes }) => blobFile(descriptor.digest, bytes)),
    ...layers.map(({ sha256, blob }) => blobFile(`sha256:${sha256}`, blob)),
  ];
  return { bytes: await tarArchive(entries, time), digest: manifest.descriptor.digest };
}

interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

function descriptorOf(mediaType: string, bytes: Buffer, sha256 = sha256Of(bytes)): Descriptor {
  return { mediaType, digest: `sha256:${sha256}`, size: bytes.length };
}

function jsonBlob(mediaType: string, value: object): { readonly descriptor: Descriptor; readonly bytes: Buffer } {
  const bytes = Buffer.from(JSON.stringify(value));
  return { descriptor: descriptorOf(mediaType, bytes), bytes };
}

function blobFile(digest: string, bytes: Buffer): TarEntry {
  return { path: `blobs/${digest.replace(':', '/')}`, content: { kind: 'file', bytes } };
}

function configOf({ architecture, layers, labels, time }: ImageParts): object {
  const created = new Date(time * 1_000).toISOString().replace('.000Z', 'Z');
  return {
    created,
    architecture,
    os: 'linux',
    config: {
      User: `${nonRoot}:${nonRoot}`,
      Env: ['PATH=/nodejs/bin', 'SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt'],
      Entrypoint: ['/nodejs/bin/node', '/operator.mjs'],
      WorkingDir: '/home/nonroot',
      Labels: labels,
    },
    rootfs: { type: 'layers', diff_ids: layers.map(({ diffId }) => `sha256:${diffId}`) },
    history: layers.map(({ holds }) => ({ created, created_by: holds })),
  };
}
