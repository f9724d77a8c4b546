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

const timeoutMs = 5_000;

/**
 * Asks the server of an operator, once.
 * @throws {Error} when no answer came within five seconds
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
    asking.on('error', reject);
    asking.on('response', (response) => {
      text(response).then((body) => resolve({ status: response.statusCode ?? 0, body: parsed(body) }), reject);
    });
    asking.end();
  });
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body.trim();
  }
}
