import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { ControlPlaneError } from '../control-plane-error.ts';
import { PROGRAMS, type Program } from './programs.ts';

/**
 * Checks that an assets directory without all programs can be completed with ours: controllers must not be newer than
 * the API server (kubernetes.io, "Version Skew Policy"). Throws `BinariesUnavailable` when they would be.
 */
export async function requireFittingAssets(
  assets: string,
  found: Partial<Record<Program, string>>,
  version: string,
): Promise<void> {
  const apiServer = found['kube-apiserver'];
  const missing = PROGRAMS.filter((program) => program.startsWith('kube-') && found[program] === undefined);
  if (apiServer === undefined || missing.length === 0) return;
  const { stdout } = await promisify(execFile)(apiServer, ['--version']);
  const has = /v(\d+\.\d+)/.exec(stdout)?.[1];
  if (has !== undefined && version.startsWith(`${has}.`)) return;
  throw new ControlPlaneError(
    'BinariesUnavailable',
    `KUBEBUILDER_ASSETS ${assets} holds kube-apiserver ${stdout.trim().replace(/^Kubernetes /, '')} but no ${missing.join(' and no ')}, and those of ${version} do not fit it: add them, or unset KUBEBUILDER_ASSETS`,
  );
}
