import type { PrismPattern } from '../api/v1alpha1/prism-cluster.ts';
import type { ConfigLayout } from '../profiles/component-profile.ts';
import type { Profile } from '../profiles/profile.ts';
import { runnerProfile } from '../profiles/profiles.ts';

/** Runners whose configuration tells their NATS client to try for ever. */
const persistent: ReadonlySet<ConfigLayout> = new Set(['consumer', 'multicast-registry', 'generic']);

/**
 * Whether the runner of a pattern may stay up without a connection after NATS was away for a while: its configuration cannot
 * say that it is to try for ever, or the resource says something else.
 */
export function givesUpOnNats(pattern: PrismPattern, profile: Profile): boolean {
  if (!pattern.backends.includes('nats')) return false;
  const { configuration } = runnerProfile(pattern, profile);
  if (configuration === undefined || !persistent.has(configuration.layout)) return true;
  return JSON.stringify(pattern.config ?? {}).includes('"max_reconnects"');
}
