import { readFile } from 'node:fs/promises';
import { isIPv6 } from 'node:net';
import { type Connection, connectionFrom, loadKubeConfig } from '@capstan/kube';
import { UserError } from '../../failure.ts';

export interface ServerOptions {
  readonly kubeconfig?: string;
  readonly context?: string;
  /** File with the certificates that the API server's is signed by, for a pod without a service account's token. */
  readonly certificateAuthority?: string;
}

/**
 * Where the API server is, for visitors who bring tokens of their own: that of a kubeconfig without its credentials, or in a pod
 * the one that the kubelet's variables name.
 *
 * @throws {UserError} when it is reached without TLS: tokens would be sent in the clear
 */
export async function serverForTokens(
  { kubeconfig, context, certificateAuthority }: ServerOptions,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Connection> {
  const connection =
    certificateAuthority === undefined
      ? await loadKubeConfig({ path: kubeconfig, context })
      : await connectionInPod(certificateAuthority, env);
  if (!connection.server.startsWith('https:'))
    throw new UserError(`${connection.server} has no TLS: the tokens of visitors would be sent in the clear`);
  return { ...connection, credentials: nobody };
}

/** The same server as somebody who has this token. */
export function withToken(server: Connection, token: string): Connection {
  const headers = { authorization: `Bearer ${token}` };
  return { ...server, credentials: { current: async () => ({ headers }), renew: async () => false } };
}

/** Nothing is asked without a token of a visitor. */
const nobody: Connection['credentials'] = { current: async () => ({ headers: {} }), renew: async () => false };

async function connectionInPod(file: string, env: Readonly<Record<string, string | undefined>>): Promise<Connection> {
  const host = env['KUBERNETES_SERVICE_HOST'] ?? '';
  const port = env['KUBERNETES_SERVICE_PORT'] ?? '';
  if (host === '' || port === '')
    throw new UserError('--certificate-authority is for a pod, and this is none: KUBERNETES_SERVICE_HOST is not set');
  const connection = await connectionFrom({ server: `https://${isIPv6(host) ? `[${host}]` : host}:${port}` });
  // Read for each connection, for the kubelet renews it.
  return { ...connection, certificateAuthority: async () => await readFile(file, 'utf8') };
}
