import type { HaproxyVersion } from './version-features.ts';

/** What the proxy of one broker is to do. */
export interface ProxySettings {
  readonly version: HaproxyVersion;
  /** The port clients connect to, on the pod's address; the broker has the same one on 127.0.0.1. */
  readonly clientPort: number;
  /** Where `/ready` and `/metrics` are answered. */
  readonly readyPort: number;
  /** Connections to one broker, 1 or more; {@link usualConnections} unless told. */
  readonly maxConnections?: number;
  readonly clients: ClientPolicy;
}

/** Who may connect. Without certificates clients have no names, so there is nothing to decide about them. */
export type ClientPolicy =
  | { readonly certificates: 'NotAsked' }
  | { readonly certificates: 'Required'; readonly access?: AccessPolicy; readonly tenants?: TenantPolicy };

/**
 * Which of the clients with a good certificate are let in.
 *
 * A name is the common name of a certificate, or one of its alternative names where it starts with `DNS:` or `URI:`.
 */
export interface AccessPolicy {
  readonly defaultPolicy: 'allow' | 'deny';
  /** The exceptions: who is let in under `deny`, who is kept out under `allow`. */
  readonly names: readonly string[];
}

/** How much each tenant may use of one broker. A tenant is the common name of a certificate. */
export interface TenantPolicy {
  readonly defaults: TenantLimits;
  readonly overrides: readonly TenantOverride[];
}

/** Limits of one tenant; what is left out comes from the defaults. */
export interface TenantOverride {
  readonly name: string;
  readonly limits: TenantLimits;
}

export interface TenantLimits {
  /** Connections at the same time, 1 or more; no limit unless told. */
  readonly maxConnections?: number;
  /** 1048576 bytes per second in each direction, 1 or more, all connections of the tenant together; no limit unless told. */
  readonly maxBandwidthMBps?: number;
}

/** Where the proxy finds its files, and where it makes its runtime socket. */
export interface ProxyDirectories {
  readonly config: string;
  readonly access: string;
  readonly tls: string;
  readonly run: string;
}

/** Where they are in a pod. */
export const proxyDirectories: ProxyDirectories = {
  config: '/etc/haproxy',
  access: '/etc/haproxy-access',
  tls: '/tls',
  run: '/run/haproxy',
};

/** As many connections as the proxy is always ready for; a limit up to here needs no restart. */
export const usualConnections = 2000;

/** The connections that the proxy has to have memory for. */
export function connectionsOf({ maxConnections = 0 }: ProxySettings): number {
  return Math.max(usualConnections, maxConnections);
}
