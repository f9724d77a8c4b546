import { type ProgressListener, startControlPlane } from '@capstan/controlplane';
import type { TestProject } from 'vitest/node';
import type {} from './provided-context.ts';

/** Starts the one control plane that all live tests of a run share, and stops it after the last. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const plane = await startControlPlane({ nodes: 'kwok', audit: true, onProgress: slowStepsToStderr() });
  project.provide('kubeconfig', plane.kubeconfig);
  project.provide('server', plane.server);
  project.provide('auditLog', plane.auditLog ?? '');
  project.provide('kubectl', plane.binaries.kubectl);
  return () => plane.stop();
}

/** Building the programs takes minutes, once: whoever waits should see what for. Starting takes seconds and needs no words. */
function slowStepsToStderr(): ProgressListener {
  let announced = '';
  return ({ title, step, steps, remainingMs }) => {
    if (title === announced || (remainingMs !== undefined && remainingMs < 20_000)) return;
    announced = title;
    const left = remainingMs === undefined ? '' : `, about ${Math.ceil(remainingMs / 1_000)} s to go`;
    console.error(`control plane: ${title} (${step} of ${steps}${left})`);
  };
}
