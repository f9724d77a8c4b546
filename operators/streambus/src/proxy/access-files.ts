import { highestMBps } from './bandwidth-classes.ts';
import { encodeName, isAlternativeName } from './certificate-name.ts';
import {
  type AccessPolicy,
  connectionsOf,
  type ProxySettings,
  type TenantLimits,
  type TenantPolicy,
} from './proxy-settings.ts';
import { featuresOf, type HaproxyVersion } from './version-features.ts';

/** Who is named in the lists of each policy. They differ, so that a list never acts under the policy it was not written for. */
export const accessLists = {
  deny: { names: 'allowed-names.lst', alternativeNames: 'allowed-alternative-names.lst' },
  allow: { names: 'denied-names.lst', alternativeNames: 'denied-alternative-names.lst' },
} as const;

/** Connections at the same time, and bandwidth: by the encoded name of a tenant, or one of {@link specialKeys}. */
export const limitMaps = { connections: 'connections.map', bandwidth: 'bandwidth.map' } as const;

/** Keys beside the names of tenants; an encoded name has none of these characters. */
export const specialKeys = { broker: '!broker', unnamed: '!unnamed', others: '*' } as const;

/** No limit, in a map of limits. */
const unlimited = 0;

/** HAProxy reads whole numbers of 32 bits. */
const highestConnections = 2_147_483_647;

/**
 * The files that may change while HAProxy runs: lists of names, and limits by tenant.
 *
 * Which files there are depends on what the configuration from the same settings refers to, never on what is in them.
 * @throws {RangeError} for a name that is too long for any certificate
 */
export function renderAccessFiles(settings: ProxySettings): Readonly<Record<string, string>> {
  const { version, clients } = settings;
  const { access, tenants } = clients.certificates === 'Required' ? clients : {};
  return {
    [limitMaps.connections]: lines([...brokerConnections(settings), ...tenantConnections(tenants)]),
    ...(tenants !== undefined && featuresOf(version).bandwidthLimits && { [limitMaps.bandwidth]: bandwidth(tenants) }),
    ...(access !== undefined && namesByList(access, version)),
  };
}

function lines(all: readonly string[]): string {
  return all.map((line) => `${line}\n`).join('');
}

function brokerConnections(settings: ProxySettings): readonly string[] {
  return [`${specialKeys.broker} ${between(settings.maxConnections ?? connectionsOf(settings), highestConnections)}`];
}

function tenantConnections(tenants: TenantPolicy | undefined): readonly string[] {
  return tenants === undefined ? [] : limitLines(tenants, 'maxConnections', highestConnections);
}

function bandwidth(tenants: TenantPolicy): string {
  return lines(limitLines(tenants, 'maxBandwidthMBps', highestMBps));
}

function limitLines(
  { defaults, overrides }: TenantPolicy,
  what: keyof TenantLimits,
  highest: number,
): readonly string[] {
  const others = defaults[what];
  const own = overrides.flatMap(({ name, limits: { [what]: limit } }) =>
    limit === undefined || name === '' ? [] : [`${encodeName(name)} ${between(limit, highest)}`],
  );
  return [`${specialKeys.others} ${others === undefined ? unlimited : between(others, highest)}`, ...own.sort()];
}

function between(limit: number, highest: number): number {
  return Math.min(Math.max(1, Math.floor(limit)), highest);
}

function namesByList(
  { defaultPolicy, names }: AccessPolicy,
  version: HaproxyVersion,
): Readonly<Record<string, string>> {
  const files = accessLists[defaultPolicy];
  const common = names.filter((name) => name !== '' && !isAlternativeName(name)).map(encodeName);
  const alternative = names.filter(isAlternativeName).map((name) => `|${encodeName(name)}|`);
  return {
    [files.names]: lines(sorted(common)),
    ...(featuresOf(version).subjectAlternativeNames && { [files.alternativeNames]: lines(sorted(alternative)) }),
  };
}

function sorted(names: readonly string[]): readonly string[] {
  return [...new Set(names)].sort();
}
