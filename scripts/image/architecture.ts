/** A processor that images are made for, as OCI and Debian call it. */
export type Architecture = 'amd64' | 'arm64';

/** What else the architecture is called. */
export interface ArchitectureNames {
  /** By Node, in the names of its packages. */
  readonly node: string;
  /** By Debian, in the folders of its libraries. */
  readonly libraries: string;
}

export const architectures: Readonly<Record<Architecture, ArchitectureNames>> = {
  amd64: { node: 'x64', libraries: 'x86_64-linux-gnu' },
  arm64: { node: 'arm64', libraries: 'aarch64-linux-gnu' },
};

/**
 * That of this machine.
 * @throws {Error} where images are made for none such
 */
export function thisArchitecture(): Architecture {
  if (process.arch === 'x64') return 'amd64';
  if (process.arch === 'arm64') return 'arm64';
  throw new Error(`images are made for ${Object.keys(architectures).join(' and ')}; this machine is ${process.arch}`);
}
