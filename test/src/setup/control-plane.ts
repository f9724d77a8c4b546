import { type Progress, startControlPlane } from '@capstan/controlplane';
import type { TestProject } from 'vitest/node';
import type {} from './provided-context.ts';

/** Starts the one control plane that all live tests of a run share, and stops it after the last. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const plane = await startControlPlane({ nodes: 'kwok', audit: true, onProgress: announce });
  project.provide('kubeconfig', plane.kubeconfig);
  project.provide('server', plane.server);
  project.provide('auditLog', plane.auditLog ?? '');
  project.provide('kubectl', plane.binaries.kubectl);
  return () => plane.stop();
}

/** Building the programs takes minutes, once: whoever waits should see what for. */
function announce(progress: Progress): void {
  const slow = progress.remainingMs === undefined || progress.remainingMs > 10_000;
  if (!slow || progress.elapsedMs % 10_000 > 1_100) return;
  const left =
    progress.remainingMs === undefined ? 'time unknown' : `about ${Math.ceil(progress.remainingMs / 1_000)} s left`;
  console.error(`control plane: ${progress.title} (${progress.step}/${progress.steps}, ${left})`);
}
