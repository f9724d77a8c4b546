import { BlockList, isIP } from 'node:net';

/** A set of IP addresses and ranges, such as `192.0.2.1`, `10.0.0.0/8` or `fd00::/8`. Pure. */
export class AddressList {
  readonly #list = new BlockList();

  /** @throws {RangeError} for an entry that is neither an address nor a range */
  constructor(entries: readonly string[]) {
    for (const entry of entries) this.#add(entry);
  }

  /** Whether a text is an address or looks like a range of them; the constructor looks closer. */
  static isEntry(this: void, text: string): boolean {
    const [address = ''] = text.split('/', 1);
    return isIP(address) !== 0;
  }

  /** Whether an address is in the list; an IPv4 address also where it is written as IPv6. Other texts never are. */
  has(address: string): boolean {
    const [bare = ''] = address.split('%', 1);
    const family = isIP(bare);
    return family !== 0 && this.#list.check(bare, family === 4 ? 'ipv4' : 'ipv6');
  }

  #add(entry: string): void {
    const [address = '', prefix, more] = entry.split('/');
    const family = isIP(address);
    const bits =
      prefix === undefined ? (family === 4 ? 32 : 128) : Number(/^\d{1,3}$/.test(prefix) ? prefix : Number.NaN);
    if (family === 0 || more !== undefined || !(bits <= (family === 4 ? 32 : 128))) {
      throw new RangeError(`${JSON.stringify(entry)} is no IP address and no range of them, such as "10.0.0.0/8"`);
    }
    this.#list.addSubnet(address, bits, family === 4 ? 'ipv4' : 'ipv6');
  }
}
