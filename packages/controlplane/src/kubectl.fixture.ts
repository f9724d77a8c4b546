import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Runs kubectl against a kubeconfig, with an optional manifest on stdin, and gives its stdout. Rejects with its stderr. */
export async function kubectl(
  plane: { readonly kubeconfig: string; readonly binaries: { readonly kubectl: string } },
  args: readonly string[],
  stdin?: object,
): Promise<string> {
  const running = promisify(execFile)(plane.binaries.kubectl, ['--kubeconfig', plane.kubeconfig, ...args]);
  running.child.stdin?.end(stdin === undefined ? undefined : JSON.stringify(stdin));
  return (await running).stdout;
}
