import { systemClock } from '../clock.ts';
import type { ClientCertificate, Connection } from '../connection.ts';
import type { Fail } from './certificates.ts';
import { endpointOf } from './endpoint.ts';
import { KubeConfigError } from './kubeconfig-error.ts';
import type { Impersonation } from './kubeconfig-file.ts';
import type { Environment } from './proxy-from-environment.ts';
import { fixed } from './rotating.ts';
import { credentialsFrom, impersonationHeaders, tokenFromFile } from './user-credentials.ts';

/** One API server and one identity, said outright. */
export interface ConnectionParameters {
  /** Such as `https://127.0.0.1:6443`. */
  readonly server: string;
  /** PEM. Absent: the system's roots. */
  readonly certificateAuthority?: string;
  readonly insecureSkipTlsVerify?: boolean;
  readonly tlsServerName?: string;
  readonly proxyUrl?: string;
  readonly namespace?: string;
  readonly token?: string;
  /** Read again when it rotates; used instead of `token`. */
  readonly tokenFile?: string;
  readonly clientCertificate?: ClientCertificate;
  readonly impersonate?: Partial<Impersonation>;
  /** Where a proxy is looked up when `proxyUrl` is absent; nowhere unless told. */
  readonly env?: Environment;
}

/**
 * A connection made of plain values, for programs that know them and have no kubeconfig.
 *
 * @throws {KubeConfigError} when `server` or `proxyUrl` is no address, or `tokenFile` cannot be read
 *
 * @example
 * ```ts
 * const connection = await connectionFrom({ server: 'https://127.0.0.1:6443', certificateAuthority: pem, token });
 * ```
 */
export async function connectionFrom(parameters: ConnectionParameters): Promise<Connection> {
  const fail: Fail = (field, problem, cause) => new KubeConfigError({ file: 'connection', field, problem, cause });
  const endpoint = endpointOf({ server: parameters.server, proxyUrl: parameters.proxyUrl }, parameters.env ?? {}, fail);
  const { token, tokenFile, clientCertificate, impersonate } = parameters;
  if (!endpoint.isTls && (token ?? tokenFile) !== undefined) {
    throw fail('token', 'would be sent over plain http, where anybody on the way could read it: use https');
  }
  return {
    server: endpoint.server,
    certificateAuthority: async () => parameters.certificateAuthority,
    insecureSkipTlsVerify: parameters.insecureSkipTlsVerify ?? false,
    ...(parameters.tlsServerName === undefined ? {} : { tlsServerName: parameters.tlsServerName }),
    ...(endpoint.proxyUrl === undefined ? {} : { proxyUrl: endpoint.proxyUrl }),
    namespace: parameters.namespace ?? 'default',
    credentials: credentialsFrom({
      headers: impersonationHeaders({ user: undefined, uid: undefined, groups: [], extra: {}, ...impersonate }),
      token:
        tokenFile !== undefined
          ? await tokenFromFile(tokenFile, { clock: systemClock, fail, field: 'tokenFile' })
          : token === undefined
            ? undefined
            : fixed(token),
      clientCertificate: clientCertificate === undefined ? undefined : fixed(clientCertificate),
    }),
  };
}
