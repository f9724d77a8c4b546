import { AddressList } from './address-list.ts';
import { hostOf } from './allowed-hosts.ts';

/** Which addresses the operator calls, beyond what is refused to everybody. */
export interface AddressPolicy {
  /** Addresses and ranges that are called although they are refused unless told: loopback on a laptop and in tests. */
  readonly allowed?: readonly string[];
  /** Addresses and ranges that are not called, such as those of the nodes. */
  readonly denied?: readonly string[];
  /** The URL of the API server, as far as it is known by now: it is never called as a Druid. */
  readonly apiServer?: () => string | undefined;
}

/** What no Druid is at, but what somebody would like the operator to call for them. */
const neverDruid = [
  ...['0.0.0.0/8', '127.0.0.0/8', '::/96'],
  ...['169.254.0.0/16', 'fe80::/10'],
  ...['224.0.0.0/3', 'ff00::/8'],
  // Metadata of clouds that is not link-local: AWS over IPv6, Alibaba, Azure, Oracle.
  ...['fd00:ec2::254', '100.100.100.200', '168.63.129.16', '192.0.0.192'],
  // The same addresses behind NAT64 and 6to4.
  ...['64:ff9b::/104', '64:ff9b::7f00:0/104', '64:ff9b::a9fe:0/112', '2002::/24', '2002:7f00::/24', '2002:a9fe::/32'],
];

/** Decides which addresses are called: not loopback, link-local, metadata or the API server unless the policy says so. Pure. */
export class AddressRules {
  readonly #refused = new AddressList(neverDruid);
  readonly #allowed: AddressList;
  readonly #denied: AddressList;
  readonly #apiServer: () => string | undefined;

  /** @throws {RangeError} for an entry that is neither an address nor a range */
  constructor({ allowed = [], denied = [], apiServer = () => undefined }: AddressPolicy = {}) {
    this.#allowed = new AddressList(allowed);
    this.#denied = new AddressList(denied);
    this.#apiServer = apiServer;
  }

  /** Why a URL is not called at this address, one of those its host has; `undefined` when it is. */
  refusalOf(url: URL, address: string): string | undefined {
    if (this.#isApiServer(url, address)) return `${url.origin} is the API server, no Druid`;
    if (this.#denied.has(address)) return `${url.origin} is at ${address}, which this operator was told not to call`;
    if (this.#allowed.has(address) || !this.#refused.has(address)) return undefined;
    return `${url.origin} is at ${address}, which is no address of a Druid: loopback, link-local or metadata`;
  }

  #isApiServer(url: URL, address: string): boolean {
    const apiServer = URL.parse(this.#apiServer() ?? '');
    if (apiServer === null || portOf(url) !== portOf(apiServer)) return false;
    return [hostOf(url), address].includes(hostOf(apiServer));
  }
}

function portOf(url: URL): string {
  if (url.port !== '') return url.port;
  return url.protocol === 'https:' ? '443' : '80';
}
