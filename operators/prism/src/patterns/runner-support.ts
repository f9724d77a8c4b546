import type { Json, JsonObject } from '@capstan/crd';
import type { PrismCluster, PrismPattern } from '../api/v1alpha1/prism-cluster.ts';
import { credentialsSource } from '../backends/credentials.ts';
import type { Profile } from '../profiles/profile.ts';
import { isKnownRunner, runnerOf, runnerProfile } from '../profiles/profiles.ts';
import { isJsonObject } from './merge-patch.ts';

/**
 * Whether the runner of a pattern can do its work. `Unsupported`: its workload is made nevertheless, and it is said that it
 * cannot. `Refused`: it would harm or could never run, so it is not started. A `caution` is what a supported one does that
 * people do not expect. Both are clauses with `it` for the runner, and hold no secrets.
 */
export type RunnerSupport =
  | { readonly kind: 'Supported'; readonly caution?: string }
  | { readonly kind: 'Unsupported' | 'Refused'; readonly why: string };

/**
 * What is known of the runner of a pattern as it was released. The name of the runner decides, not its image: a mirror serves
 * the same program. A program of one's own has a `runner` name of its own.
 */
export function supportOf(pattern: PrismPattern, cluster: PrismCluster, profile: Profile): RunnerSupport {
  if (pattern.config?.['namespaces'] !== undefined)
    return refused('reads one namespace: give its fields in config directly, such as behavior.topic');
  if (runnerProfile(pattern, profile).configuration === undefined) return toldOfTheProxy(pattern);
  const rule = isKnownRunner(pattern, profile) ? rules[runnerOf(pattern)] : undefined;
  return rule === undefined ? unknown(pattern, profile) : rule(pattern, cluster);
}

type Rule = (pattern: PrismPattern, cluster: PrismCluster) => RunnerSupport;

const rules: Readonly<Record<string, Rule>> = {
  keyvalue,
  consumer,
  producer,
  mailbox,
  'multicast-registry': multicastRegistry,
};

const supported: RunnerSupport = { kind: 'Supported' };

function keyvalue(pattern: PrismPattern, cluster: PrismCluster): RunnerSupport {
  const implied = hasServers(pattern) ? firstNamed(pattern, ['redis']) : 'memstore';
  const backend = textAt(pattern.config, 'backend') ?? implied;
  if (backend === 'redis') return withRedis(cluster);
  if (backend === 'memstore')
    return cautioned('keeps everything in the memory of each pod: name redis in backends to keep it');
  return refused('has drivers for redis and for its own memory only: name redis in backends');
}

function consumer(pattern: PrismPattern): RunnerSupport {
  const source = textAt(pattern.config, 'slots', 'message_source', 'backend') ?? firstNamed(pattern, ['nats']);
  if (source !== 'nats' && source !== 'memstore') return refused('reads from nats only: name nats in backends');
  if (pattern.replicas <= 1) return supported;
  return cautioned(`does not share its work: each of the ${pattern.replicas} pods gets every message`);
}

function producer(pattern: PrismPattern, cluster: PrismCluster): RunnerSupport {
  const sink = textAt(pattern.config, 'slots', 'message_sink', 'driver') ?? firstNamed(pattern, ['nats', 'redis']);
  if (sink === undefined) return refused('writes to nats or redis: name one of them in backends');
  if (!pattern.backends.includes('redis')) return supported;
  if (credentialsSource('redis', cluster).kind !== 'None')
    return refused('cannot be given a password for redis: set spec.backends.redis.auth to None');
  return withRedis(cluster);
}

function mailbox(): RunnerSupport {
  return unsupported(
    'connects to nats://localhost:4222 whatever it is told, and its released source does not compile: it cannot run before that is mended',
  );
}

function multicastRegistry(pattern: PrismPattern, cluster: PrismCluster): RunnerSupport {
  const backendOf = (slot: string, own: 'redis' | 'nats') =>
    textAt(pattern.config, 'slots', slot, 'backend') ?? firstNamed(pattern, [own]);
  const isAsTried = backendOf('registry', 'redis') === 'redis' && backendOf('messaging', 'nats') === 'nats';
  if (isAsTried) return withRedis(cluster);
  return refused(
    'needs redis for its registry and nats for its messages: with postgres or kafka it hangs at its start. Name redis and nats in backends',
  );
}

/** The driver of Redis has no key for TLS. */
function withRedis({ spec: { backends } }: PrismCluster): RunnerSupport {
  if (backends.redis?.external?.tls !== true) return supported;
  return unsupported('cannot speak TLS with redis: let it reach one without');
}

function unknown(pattern: PrismPattern, profile: Profile): RunnerSupport {
  if (pattern.image !== undefined) return supported;
  const { image } = runnerProfile(pattern, profile);
  return unsupported(`has never been released: its pods ask for ${image}. Name an image of yours`);
}

/** A profile without configuration files tells runners of the proxy, which released ones cannot do anything with. */
function toldOfTheProxy(pattern: PrismPattern): RunnerSupport {
  if (pattern.image === undefined)
    return unsupported(
      'is told of the proxy by this profile, and the released one ends or waits for ever then. Name an image that can, or use profile upstream',
    );
  return pattern.config === undefined ? supported : cautioned('reads no file in this profile: config has no effect');
}

function unsupported(clause: string): RunnerSupport {
  return { kind: 'Unsupported', why: `it ${clause}` };
}

function refused(clause: string): RunnerSupport {
  return { kind: 'Refused', why: `it ${clause}` };
}

function cautioned(clause: string): RunnerSupport {
  return { kind: 'Supported', caution: `it ${clause}` };
}

function firstNamed({ backends }: PrismPattern, kinds: PrismPattern['backends']): string | undefined {
  return kinds.find((kind) => backends.includes(kind));
}

/** Whether a pattern names more than the file on its own volume. */
function hasServers({ backends }: PrismPattern): boolean {
  return backends.some((kind) => kind !== 'sqlite');
}

/** The text at a path of what a resource says in `config`. */
function textAt(config: JsonObject | undefined, ...path: readonly string[]): string | undefined {
  const found = path.reduce<Json | undefined>((at, key) => (isJsonObject(at) ? at[key] : undefined), config);
  return typeof found === 'string' ? found : undefined;
}
