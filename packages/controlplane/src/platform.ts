import { ControlPlaneError } from './control-plane-error.ts';

/** An operating system and CPU that the components run on, in Go's words. */
export interface Platform {
  readonly os: 'linux' | 'darwin';
  readonly arch: 'amd64' | 'arm64';
}

/** Names the platform from Node's words for it. Throws `UnsupportedPlatform` for any but Linux and macOS on amd64 and arm64. */
export function platformOf(nodePlatform: string, nodeArch: string): Platform {
  const os = nodePlatform === 'linux' || nodePlatform === 'darwin' ? nodePlatform : undefined;
  const arch = nodeArch === 'x64' ? 'amd64' : nodeArch === 'arm64' ? 'arm64' : undefined;
  if (os !== undefined && arch !== undefined) return { os, arch };
  const advice =
    nodePlatform === 'win32' ? 'run it inside WSL 2' : 'run it on one of those, or in a Linux virtual machine';
  throw new ControlPlaneError(
    'UnsupportedPlatform',
    `a control plane runs on Linux and macOS with amd64 or arm64, not on ${nodePlatform} ${nodeArch}: ${advice}`,
  );
}
