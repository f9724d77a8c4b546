/** A Kubernetes version, as far as compatibility goes by it. */
export interface KubeVersion {
  readonly major: number;
  readonly minor: number;
}

/** Reads `v1.36.3`, `1.36`, `v1.30.4-gke.100`; `undefined` for what is no version. */
export function parseKubeVersion(text: string): KubeVersion | undefined {
  const [, major, minor] = /^v?(\d+)\.(\d+)/.exec(text) ?? [];
  return major === undefined || minor === undefined ? undefined : { major: Number(major), minor: Number(minor) };
}

/** How many minor versions `version` is ahead of `other`; negative when it is behind. */
export function minorsAhead(version: KubeVersion, other: KubeVersion): number {
  return version.major === other.major ? version.minor - other.minor : (version.major - other.major) * 1_000;
}
