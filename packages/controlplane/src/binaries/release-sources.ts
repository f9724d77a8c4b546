import { ControlPlaneError } from '../control-plane-error.ts';
import type { Platform } from '../platform.ts';
import type { Program } from './programs.ts';
import { ETCD_VERSION, KWOK_VERSION } from './versions.ts';

/** The hosts of the official releases; others only in tests. */
export interface ReleaseHosts {
  readonly kubernetes: string;
  readonly github: string;
  readonly githubApi: string;
}

export const OFFICIAL_HOSTS: ReleaseHosts = {
  kubernetes: 'https://dl.k8s.io',
  github: 'https://github.com',
  githubApi: 'https://api.github.com',
};

/** Where a program is published, where its SHA-256 is, and how to find it in what is published there. */
export interface ReleaseSource {
  readonly url: string;
  readonly checksumUrl: string;
  /** Takes the SHA-256 (64 hexadecimal digits) out of what `checksumUrl` answers; undefined when it is not in there. */
  readonly checksumIn: (text: string) => string | undefined;
  /** The path of the program inside the tar.gz at `url`; undefined when `url` is the program itself. */
  readonly member?: string;
}

/** The official release of a program. Kubernetes publishes its servers for Linux only, so only Linux is asked for. */
export function releaseSource(
  program: Program,
  version: string,
  platform: Platform,
  hosts: ReleaseHosts,
): ReleaseSource {
  if (program === 'etcd') return etcdSource(platform, hosts);
  if (program === 'kwok') return kwokSource(platform, hosts);
  const url = `${hosts.kubernetes}/release/v${version}/bin/${platform.os}/${platform.arch}/${program}`;
  return { url, checksumUrl: `${url}.sha256`, checksumIn: firstDigest };
}

function etcdSource(platform: Platform, hosts: ReleaseHosts): ReleaseSource {
  const name = `etcd-v${ETCD_VERSION}-${platform.os}-${platform.arch}`;
  const release = `${hosts.github}/etcd-io/etcd/releases/download/v${ETCD_VERSION}`;
  return {
    url: `${release}/${name}.tar.gz`,
    checksumUrl: `${release}/SHA256SUMS`,
    checksumIn: (text) => digestOfFile(text, `${name}.tar.gz`),
    member: `${name}/etcd`,
  };
}

/** kwok publishes no file of checksums; GitHub's own record of each asset has one. */
function kwokSource(platform: Platform, hosts: ReleaseHosts): ReleaseSource {
  const name = `kwok-${platform.os}-${platform.arch}`;
  const repository = 'kubernetes-sigs/kwok';
  return {
    url: `${hosts.github}/${repository}/releases/download/v${KWOK_VERSION}/${name}`,
    checksumUrl: `${hosts.githubApi}/repos/${repository}/releases/tags/v${KWOK_VERSION}`,
    checksumIn: (text) => assetDigest(text, name),
  };
}

function firstDigest(text: string): string | undefined {
  return /^\s*([0-9a-f]{64})\b/.exec(text)?.[1];
}

/** One line of the output of sha256sum per file: digest, spaces, name. */
function digestOfFile(text: string, file: string): string | undefined {
  const line = text.split('\n').find((candidate) => candidate.trim().split(/[\s*]+/)[1] === file);
  return line === undefined ? undefined : firstDigest(line);
}

function assetDigest(text: string, name: string): string | undefined {
  const release: unknown = JSON.parse(text);
  if (typeof release !== 'object' || release === null || !('assets' in release) || !Array.isArray(release.assets)) {
    throw new ControlPlaneError('DownloadFailed', `GitHub's answer about ${name} has no list of assets`);
  }
  const asset: unknown = release.assets.find((candidate) => candidate?.name === name);
  if (typeof asset !== 'object' || asset === null || !('digest' in asset)) return undefined;
  return /^sha256:([0-9a-f]{64})$/.exec(String(asset.digest))?.[1];
}
