/** Where a server listens. No host: on every interface. */
export interface BindAddress {
  readonly host?: string;
  /** 0: any free one. */
  readonly port: number;
}

/**
 * Reads `:8080`, `127.0.0.1:8080`, `localhost:0` or `[::1]:8080`.
 * @throws {TypeError} for anything else; says what was given and what it should look like
 */
export function parseBindAddress(text: string): BindAddress {
  const [, host = '', port = ''] = /^(\[[^\]]+\]|[^:[\]]*):(\d{1,5})$/.exec(text) ?? [];
  if (port === '' || Number(port) > 65_535) {
    throw new TypeError(`"${text}" is no address to listen on: write host:port, or :port for every interface`);
  }
  const name = host.replace(/^\[|\]$/g, '');
  return { port: Number(port), ...(name !== '' && { host: name }) };
}

/** Where a sidecar of Istio calls from, whoever asked it to. */
const sidecar = '127.0.0.6';

/** Whether a peer of this address is on the same machine (or in the same pod), and asks for itself. */
export function isLoopback(address: string | undefined): boolean {
  if (address === undefined) return false;
  const plain = address.replace(/^::ffff:/, '');
  if (plain === sidecar) return false;
  return plain === '::1' || /^127\.\d+\.\d+\.\d+$/.test(plain);
}
