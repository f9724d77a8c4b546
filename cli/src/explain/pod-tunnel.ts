import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export interface TunnelTarget {
  readonly namespace: string;
  readonly pod: string;
  readonly port: string;
  readonly kubeconfig?: string | undefined;
  readonly context?: string | undefined;
  /** The program; `kubectl` unless told. */
  readonly kubectl?: string;
}

/** A way into a pod, open until it is disposed. */
export interface Tunnel extends AsyncDisposable {
  /** `127.0.0.1:41234`. */
  readonly address: string;
}

const timeoutMs = 10_000;

/**
 * Opens a way to a port of a pod by `kubectl port-forward`. Unlike the API server's proxy it brings the token along, and the
 * operator sees a peer on its own machine.
 *
 * @throws {Error} when kubectl is not there, or says why it cannot
 */
export async function openTunnel({
  namespace,
  pod,
  port,
  kubeconfig,
  context,
  kubectl = 'kubectl',
}: TunnelTarget): Promise<Tunnel> {
  const place = [
    ...(kubeconfig === undefined ? [] : ['--kubeconfig', kubeconfig]),
    ...(context === undefined ? [] : ['--context', context]),
  ];
  const args = [...place, 'port-forward', '--namespace', namespace, `pod/${pod}`, `:${port}`];
  const program = spawn(kubectl, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<void>((resolve) => program.once('close', () => resolve()));
  const close = async () => {
    program.kill();
    await ended;
  };
  const errors: string[] = [];
  createInterface(program.stderr).on('line', (line) => errors.push(line));
  const timer = setTimeout(() => program.kill(), timeoutMs);
  try {
    const address = await new Promise<string>((resolve, reject) => {
      program.once('error', () => reject(new Error(`${kubectl} could not be started`)));
      program.once('close', () => reject(new Error(errors.join(' ') || `${kubectl} port-forward ended`)));
      createInterface(program.stdout).on('line', (line) => {
        const found = /^Forwarding from (127\.0\.0\.1:\d+) /.exec(line)?.[1];
        if (found !== undefined) resolve(found);
      });
    });
    return { address, [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}
