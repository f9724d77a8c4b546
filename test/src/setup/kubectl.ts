import { execFile } from 'node:child_process';
import type { ControlPlane } from '@capstan/controlplane';
import { inject } from 'vitest';

/**
 * Runs kubectl against a control plane with an object on its standard input, as `kubectl apply -f -` reads it.
 * @throws {Error} with what kubectl said, when it fails
 */
export function kubectl({ kubeconfig }: ControlPlane, args: readonly string[], input: object): Promise<void> {
  return new Promise((resolve, reject) => {
    const command = ['--kubeconfig', kubeconfig, ...args];
    const process = execFile(inject('kubectl'), command, (error) => (error === null ? resolve() : reject(error)));
    process.stdin?.end(JSON.stringify(input));
  });
}
