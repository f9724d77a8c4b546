import { readFile } from 'node:fs/promises';
import { isIPv6 } from 'node:net';
import { join } from 'node:path';
import { type Clock, systemClock } from '../clock.ts';
import type { Connection } from '../connection.ts';
import { certificateAuthority, type Fail } from './certificates.ts';
import { endpointOf } from './endpoint.ts';
import { codeOf, KubeConfigError } from './kubeconfig-error.ts';
import type { Environment } from './proxy-from-environment.ts';
import { credentialsFrom, tokenFromFile } from './user-credentials.ts';

export interface InClusterOptions {
  /** Variables to read; `process.env` unless told. */
  readonly env?: Environment;
  /** Where the kubelet mounts the service account; `/var/run/secrets/kubernetes.io/serviceaccount` unless told. */
  readonly serviceAccountDir?: string;
  readonly clock?: Clock;
}

const SERVICE_ACCOUNT_DIR = '/var/run/secrets/kubernetes.io/serviceaccount';

/** Whether this process looks like a container in a pod: the kubelet's variables and a mounted token. */
export async function isInCluster(options: InClusterOptions = {}): Promise<boolean> {
  const env = options.env ?? process.env;
  if (!env['KUBERNETES_SERVICE_HOST'] || !env['KUBERNETES_SERVICE_PORT']) return false;
  const token = await textOf(join(options.serviceAccountDir ?? SERVICE_ACCOUNT_DIR, 'token'));
  return token !== undefined;
}

/**
 * The connection of a pod: its service account, the cluster's CA and the `kubernetes` Service.
 * The token and the CA are read again when the kubelet rotates them.
 * https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/
 *
 * @throws {KubeConfigError} outside a pod, or when the service account is not mounted
 */
export async function inClusterConnection(options: InClusterOptions = {}): Promise<Connection> {
  const env = options.env ?? process.env;
  const clock = options.clock ?? systemClock;
  const dir = options.serviceAccountDir ?? SERVICE_ACCOUNT_DIR;
  const fail: Fail = (field, problem, cause) => new KubeConfigError({ file: dir, field, problem, cause });
  const endpoint = endpointOf({ server: serviceAddress(env, fail), proxyUrl: undefined }, env, fail);
  const token = await tokenFromFile(join(dir, 'token'), { clock, fail, field: 'token' });
  const ca = await certificateAuthority(
    { data: undefined, file: join(dir, 'ca.crt'), field: 'ca.crt' },
    { clock, fail },
  );
  return {
    server: endpoint.server,
    certificateAuthority: async () => ca?.current(),
    insecureSkipTlsVerify: false,
    ...(endpoint.proxyUrl === undefined ? {} : { proxyUrl: endpoint.proxyUrl }),
    namespace: env['POD_NAMESPACE'] || (await textOf(join(dir, 'namespace'))) || 'default',
    credentials: credentialsFrom({ headers: {}, token }),
  };
}

function serviceAddress(env: Environment, fail: Fail): string {
  const host = env['KUBERNETES_SERVICE_HOST'];
  const port = env['KUBERNETES_SERVICE_PORT'];
  if (!host || !port) {
    const problem =
      'this process does not run in a pod (KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not set): give a kubeconfig';
    throw fail('service', problem);
  }
  return `https://${isIPv6(host) ? `[${host}]` : host}:${port}`;
}

async function textOf(file: string): Promise<string | undefined> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return undefined;
    throw error;
  }
}
