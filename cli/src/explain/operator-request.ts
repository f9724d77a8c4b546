import { readFile } from 'node:fs/promises';
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { text } from 'node:stream/consumers';

/** How an operator is asked. */
export interface OperatorAccess {
  readonly token?: string | undefined;
  /** File with the certificates to trust; the system's unless told. */
  readonly certificateAuthority?: string | undefined;
  readonly insecureSkipTlsVerify?: boolean | undefined;
}

export interface OperatorAnswer {
  readonly status: number;
  /** The JSON of the answer, or its text where it is none. */
  readonly body: unknown;
}

/** Nobody answered within five seconds. */
export class NoConnection extends Error {
  override readonly name = 'NoConnection';
}

/** Somebody answered whose certificate is not to be trusted: nothing was sent. */
export class UntrustedCertificate extends Error {
  override readonly name = 'UntrustedCertificate';
}

const timeoutMs = 5_000;

/**
 * Asks the server of an operator, once.
 * @throws {NoConnection} or {UntrustedCertificate}
 */
export async function askOperator(url: string, path: string, access: OperatorAccess): Promise<OperatorAnswer> {
  const address = new URL(`${url.replace(/\/$/, '')}${path}`);
  const headers = access.token === undefined ? {} : { authorization: `Bearer ${access.token}` };
  const tls = {
    rejectUnauthorized: access.insecureSkipTlsVerify !== true,
    ...(access.certificateAuthority !== undefined && { ca: await readFile(access.certificateAuthority, 'utf8') }),
  };
  const signal = AbortSignal.timeout(timeoutMs);
  return new Promise((resolve, reject) => {
    const asking =
      address.protocol === 'https:'
        ? requestHttps(address, { ...tls, headers, signal, agent: false })
        : requestHttp(address, { headers, signal, agent: false });
    asking.on('error', (cause) => reject(failureOf(url, cause)));
    asking.on('response', (response) => {
      text(response).then((body) => resolve({ status: response.statusCode ?? 0, body: parsed(body) }), reject);
    });
    asking.end();
  });
}

function failureOf(url: string, cause: NodeJS.ErrnoException): Error {
  const { code = '', message } = cause;
  // Codes of the network begin with E; those of OpenSSL are the names of what is wrong with a certificate.
  const isOfNetwork = /^(E[A-Z]+|ABORT_ERR|)$/.test(code) || cause.name === 'TimeoutError';
  if (isOfNetwork) return new NoConnection(`the operator at ${url} cannot be reached: ${message}`, { cause });
  return new UntrustedCertificate(`the certificate of the operator at ${url} is not trusted (${message})`, { cause });
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body.trim();
  }
}
