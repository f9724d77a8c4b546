import type { AddressPolicy } from './address-rules.ts';
import type { HostLookup } from './checked-lookup.ts';
import type { DruidLimits } from './druid-limits.ts';

/** Where one Druid is, and as whom it is called. */
export interface DruidConnection {
  /** Of the router, `http` or `https`, with a path where Druid is below one; without credentials. */
  readonly url: string;
  /** Sent as basic authentication. */
  readonly credentials?: DruidCredentials;
  /** PEM of whom to trust, and nobody else; those that Node trusts unless told. */
  readonly ca?: string;
  /** Hosts that redirects may lead to, beside that of `url`: names, `*.` and the end of a name, addresses and ranges. */
  readonly allowedHosts?: readonly string[];
  /** What was resolved from Secrets and may not be seen in any message; the password is among it anyway. */
  readonly redactions?: readonly string[];
  /** Whom the calls are for, such as the UID of a resource: by this, one that is slow is told from a Druid that is. */
  readonly caller?: string;
  /** Ends the calls, such as that of the pass. */
  readonly signal?: AbortSignal;
}

/** A name and a password. */
export interface DruidCredentials {
  readonly username: string;
  readonly password: string;
}

/** What the calls to every Druid have in common. */
export interface DruidClientOptions {
  /** Which addresses are called, whatever the URL says. */
  readonly addresses?: AddressPolicy;
  /** Those of `defaultLimits` unless told, one by one. */
  readonly limits?: Partial<DruidLimits>;
  /** Told of each call when it is over. */
  readonly observe?: (call: ObservedCall) => void;
  /** Resolves the names of hosts; the machine's own resolver unless told. */
  readonly lookup?: HostLookup;
}

/** A call that is over. */
export interface ObservedCall {
  /** Such as `submitSupervisor`: one of a few. */
  readonly name: string;
  /** Of the last HTTP answer; `undefined` when there was none. */
  readonly status: number | undefined;
  /** With the wait at the gate. */
  readonly durationMs: number;
}
