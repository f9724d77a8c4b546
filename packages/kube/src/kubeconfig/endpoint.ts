import { KubeConfigError } from './kubeconfig-error.ts';
import { type Environment, proxyFromEnvironment } from './proxy-from-environment.ts';

/** Where the API server is and what to reach it through. */
interface Endpoint {
  /** Absolute, without trailing slash, query and fragment. */
  readonly server: string;
  readonly isTls: boolean;
  readonly proxyUrl: string | undefined;
}

type FailAt = (field: string, problem: string) => KubeConfigError;

const PROXY_SCHEMES = ['http:', 'https:', 'socks5:'];

/**
 * Checks the server's address and finds the proxy for it: the one given, else the one the environment names.
 *
 * @throws {KubeConfigError} never quoting the address where it holds a password
 */
export function endpointOf(
  given: { server: string | undefined; proxyUrl: string | undefined },
  env: Environment,
  fail: FailAt,
): Endpoint {
  const url = serverUrl(given.server, fail);
  const proxyUrl = given.proxyUrl === undefined ? proxyFromEnvironment(url, env) : given.proxyUrl.replace(/\/+$/, '');
  if (proxyUrl !== undefined) checkProxy(proxyUrl, given.proxyUrl === undefined, fail);
  return {
    server: `${url.origin}${url.pathname}`.replace(/\/+$/, ''),
    isTls: url.protocol === 'https:',
    proxyUrl,
  };
}

function serverUrl(server: string | undefined, fail: FailAt): URL {
  if (server === undefined)
    throw fail('server', 'is missing: give the address of the API server, such as https://10.0.0.1:6443');
  const url = URL.canParse(server) ? new URL(server) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol)) {
    throw fail('server', 'is not an http or https address: write it as https://host:port');
  }
  if (url.username !== '' || url.password !== '') {
    throw fail('server', 'holds a user name or password: move them to username and password of the user');
  }
  return url;
}

function checkProxy(proxyUrl: string, isFromEnvironment: boolean, fail: FailAt): void {
  if (URL.canParse(proxyUrl) && PROXY_SCHEMES.includes(new URL(proxyUrl).protocol)) return;
  if (isFromEnvironment) {
    throw new KubeConfigError({
      file: 'environment',
      field: 'HTTPS_PROXY',
      problem: 'must be an http, https or socks5 address',
    });
  }
  throw fail('proxy-url', 'must be an http, https or socks5 address, such as http://proxy:3128');
}
