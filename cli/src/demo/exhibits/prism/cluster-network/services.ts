import { isIP } from 'node:net';

/** Environment variable with what a process reaches behind Services, as JSON: `host:port` on this machine by the name of the Service. */
export const servicesVariable = 'CAPSTAN_DEMO_SERVICES';

/** Where a Service is answered. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/** Of the block that RFC 5737 keeps for examples: no machine has one of these. */
const addressBlock = '192.0.2.';

/**
 * What DNS and kube-proxy do for a process inside a cluster, for one outside it: names of Services resolve to addresses that only stand
 * for them, and connections to these go to where a Service is answered, whatever the port.
 */
export class Services {
  readonly #names: readonly string[];
  readonly #endpoints: readonly Endpoint[];

  /**
   * @param json what the environment variable holds
   * @throws {Error} for what is no such JSON
   */
  constructor(json: string) {
    const byName: unknown = JSON.parse(json);
    if (typeof byName !== 'object' || byName === null) throw new Error(`${servicesVariable} must hold a JSON object`);
    const entries = Object.entries(byName).map(([name, at]) => [name, endpointOf(name, at)] as const);
    this.#names = entries.map(([name]) => name);
    this.#endpoints = entries.map(([, endpoint]) => endpoint);
  }

  /** The address that stands for a Service; undefined for every other name. */
  addressOf(hostname: string): string | undefined {
    const at = this.#names.indexOf(hostname);
    return at < 0 ? undefined : `${addressBlock}${at + 1}`;
  }

  /** Where a Service is answered, by the address that stands for it; undefined for every other address. */
  endpointAt(address: string): Endpoint | undefined {
    if (isIP(address) !== 4 || !address.startsWith(addressBlock)) return undefined;
    return this.#endpoints[Number(address.slice(addressBlock.length)) - 1];
  }
}

function endpointOf(name: string, at: unknown): Endpoint {
  const { host, port } = /^(?<host>[^:]+):(?<port>\d+)$/.exec(String(at))?.groups ?? {};
  if (host === undefined || port === undefined) throw new Error(`${servicesVariable}: ${name} must be a host:port`);
  return { host, port: Number(port) };
}
