/**
 * Why a control plane could not be had, as a word that callers decide by:
 * - `UnsupportedPlatform`: this operating system or CPU cannot run it
 * - `BinariesUnavailable`: nothing to run was found, and it can be neither downloaded nor built here
 * - `BuildFailed`, `DownloadFailed`: it was tried and did not work
 * - `DiskFull`: too little space for the binaries or for the data
 * - `PortInUse`: the port asked for belongs to somebody else
 * - `StartFailed`: a component ended, or did not answer in time
 * - `InvalidOption`: the caller asked for something that does not exist
 */
export type ControlPlaneErrorCode =
  | 'UnsupportedPlatform'
  | 'BinariesUnavailable'
  | 'BuildFailed'
  | 'DownloadFailed'
  | 'DiskFull'
  | 'PortInUse'
  | 'StartFailed'
  | 'InvalidOption';

/** A control plane could not be started. The message is one clear text for a person: what is wrong and what to do. */
export class ControlPlaneError extends Error {
  override readonly name = 'ControlPlaneError';
  readonly code: ControlPlaneErrorCode;

  constructor(code: ControlPlaneErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

/** The `code` of a Node system error (`ENOENT`, `ENOSPC` ...), or undefined when it is something else. */
export function systemErrorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
