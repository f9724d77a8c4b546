import { planeVariables, startTestPlane } from './world/plane-access.ts';

/** What a test runner hands to a global setup, as far as it is used here: vitest's `TestProject` is one. */
interface Project {
  provide?(key: string, value: string): void;
}

/**
 * Starts the one control plane that all tests of a run share, and stops it after the last. `openWorld` finds it by itself;
 * with vitest, `inject('kubeconfig')`, `inject('auditLog')`, `inject('server')` and `inject('kubectl')` tell where it is.
 *
 * @example
 * ```ts
 * // vitest.config.ts
 * export default defineConfig({ test: { globalSetup: '@capstan/testkit/global-setup', testTimeout: 60_000 } });
 * ```
 * @returns stops it
 */
export async function setup(project?: Project): Promise<() => Promise<void>> {
  const plane = await startTestPlane();
  const { kubeconfig, auditLog = '', server } = plane;
  // Workers are started afterwards and inherit these, whatever the runner is.
  process.env[planeVariables.kubeconfig] = kubeconfig;
  process.env[planeVariables.auditLog] = auditLog;
  const told = { kubeconfig, auditLog, server, kubectl: plane.binaries.kubectl };
  for (const [key, value] of Object.entries(told)) project?.provide?.(key, value);
  return () => plane.stop();
}
