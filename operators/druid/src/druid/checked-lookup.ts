import { type LookupAddress, lookup as systemLookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { isIP } from 'node:net';
import type { AddressRules } from './address-rules.ts';
import { hostOf } from './allowed-hosts.ts';
import { NoAnswerError } from './no-answer-error.ts';

/** Asks for all addresses of a host, as `dns.lookup` does. */
export type HostLookup = (host: string) => Promise<readonly LookupAddress[]>;

/** Asks the machine's own resolver. */
export const machineLookup: HostLookup = (host) =>
  new Promise((resolve, reject) => {
    systemLookup(host, { all: true }, (error, addresses) => (error === null ? resolve(addresses) : reject(error)));
  });

/**
 * Refuses a URL whose host is an address that is not called. Names are looked at when they are resolved.
 * @throws {NoAnswerError} `NotAllowed`
 */
export function checkAddress(url: URL, rules: AddressRules): void {
  const host = hostOf(url);
  if (isIP(host) !== 0) refuseUnlessAllowed(url, [host], rules);
}

/**
 * Resolves the host of a URL for one connection, which then goes to exactly these addresses: none may be one that is not called,
 * because a name that has both kinds is made to be called at the wrong one.
 */
export function checkedLookup(url: URL, rules: AddressRules, lookup: HostLookup): LookupFunction {
  return (host, options, callback) => {
    lookup(host).then(
      (addresses) => {
        const known = addresses.map(({ address }) => address);
        try {
          refuseUnlessAllowed(url, known, rules);
        } catch (error) {
          // Safe: refuseUnlessAllowed throws nothing but NoAnswerError.
          return callback(error as NoAnswerError, '');
        }
        const [first] = addresses;
        if (first === undefined) return callback(new Error(`${host} has no address`), '');
        if (options.all === true) return callback(null, [...addresses]);
        callback(null, first.address, first.family);
      },
      (error: Error) => callback(error, ''),
    );
  };
}

function refuseUnlessAllowed(url: URL, addresses: readonly string[], rules: AddressRules): void {
  for (const address of addresses) {
    const refusal = rules.refusalOf(url, address);
    if (refusal !== undefined) throw new NoAnswerError('NotAllowed', refusal);
  }
}
