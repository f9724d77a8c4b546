import type { AccessPolicy, ProxySettings, TenantPolicy } from './proxy-settings.ts';
import { defaultHaproxyVersion, type HaproxyVersion } from './version-features.ts';

interface SomeSettings {
  readonly version?: HaproxyVersion;
  readonly clientPort?: number;
  readonly readyPort?: number;
  readonly maxConnections?: number;
  readonly access?: AccessPolicy;
  readonly tenants?: TenantPolicy;
}

/** Settings of a proxy that asks for certificates, with everything that is not given left out. */
export function someSettings({ maxConnections, access, tenants, ...given }: SomeSettings = {}): ProxySettings {
  return {
    ...{ version: defaultHaproxyVersion, clientPort: 9092, readyPort: 8404 },
    ...given,
    ...(maxConnections !== undefined && { maxConnections }),
    clients: {
      certificates: 'Required',
      ...(access !== undefined && { access }),
      ...(tenants !== undefined && { tenants }),
    },
  };
}

/** Settings of a proxy that only encrypts. */
export function encryptionOnly(given: SomeSettings = {}): ProxySettings {
  return { ...someSettings(given), clients: { certificates: 'NotAsked' } };
}
