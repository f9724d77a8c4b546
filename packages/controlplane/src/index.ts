export { cacheDirectory } from './binaries/cache-directory.ts';
export { type BinaryPaths, type ResolveOptions, resolveBinaries } from './binaries/resolve.ts';
export { KUBERNETES_VERSION } from './binaries/versions.ts';
export type { NodeSpec, NodeTaint } from './bootstrap-objects.ts';
export type { ComponentName } from './components.ts';
export {
  type ControlPlane,
  type ControlPlaneOptions,
  type ServiceAccountIdentity,
  startControlPlane,
  type UnexpectedExit,
  type UserIdentity,
} from './control-plane.ts';
export { ControlPlaneError, type ControlPlaneErrorCode } from './control-plane-error.ts';
export { pickPort } from './free-port.ts';
export { removeInstanceDirectory } from './instance-directory.ts';
export { withLock } from './lock.ts';
export { identifyProcess, isProcessAlive, type ProcessIdentity, residentMemory } from './process-identity.ts';
export type { Progress, ProgressListener } from './progress.ts';
export { isControlPlaneReady } from './readiness.ts';
export { type ExitStatus, spawnTethered, type TetheredProcess, type TetheredProcessSpec } from './tethered-process.ts';
export { type WaitLimits, waitUntil } from './wait-until.ts';
