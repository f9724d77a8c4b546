import type { JsonObject } from '@capstan/crd';
import type { PrismPattern } from '../api/v1alpha1/prism-cluster.ts';
import { type ConfigLayout, dataDirectory } from '../profiles/component-profile.ts';
import { runnerOf } from '../profiles/profiles.ts';
import { driverConfig } from './drivers.ts';
import type { UsedConnections } from './used-connections.ts';

/** What one runner reads, as far as the operator knows it. */
interface Layout {
  readonly entry: (pattern: PrismPattern, used: UsedConnections) => JsonObject;
  /** Whether the entry is the first of a list `namespaces`, of which runners read no other; else it is the whole file. */
  readonly isNamespace: boolean;
}

/** What each layout says of a pattern. Keys are those that the runners read. */
export const layouts: Readonly<Record<ConfigLayout, Layout>> = {
  keyvalue: { entry: keyvalue, isNamespace: true },
  consumer: { entry: consumer, isNamespace: true },
  producer: { entry: producer, isNamespace: false },
  mailbox: { entry: mailbox, isNamespace: false },
  'multicast-registry': { entry: multicastRegistry, isNamespace: true },
  generic: { entry: generic, isNamespace: true },
};

function keyvalue({ name }: PrismPattern, { redis }: UsedConnections): JsonObject {
  const store =
    redis === undefined
      ? { backend: 'memstore', backend_config: {} }
      : { backend: 'redis', backend_config: driverConfig(redis) };
  return { name, pattern: 'keyvalue', pattern_version: '0.1.0', ...store };
}

function consumer({ name }: PrismPattern, { nats }: UsedConnections): JsonObject {
  return {
    name,
    pattern: 'consumer',
    slots: { message_source: slot('nats', nats) },
    behavior: { consumer_group: name, topic: name },
  };
}

/** The producer passes on nothing but `url` and `address`, so it has neither a password for Redis nor endless reconnects. */
function producer({ name }: PrismPattern, { nats, redis }: UsedConnections): JsonObject {
  const store = redis && { driver: 'redis', config: { address: `${redis.host}:${redis.port}` } };
  const stream = nats && { driver: 'nats', config: { url: driverConfig(nats)['url'] ?? null } };
  const sink = stream ?? store;
  return {
    name,
    slots: {
      ...(sink !== undefined && { message_sink: sink }),
      ...(stream !== undefined && store !== undefined && { state_store: store }),
    },
  };
}

function mailbox({ name }: PrismPattern): JsonObject {
  return {
    name,
    behavior: { topic: name, consumer_group: name, auto_commit: true },
    storage: { database_path: `${dataDirectory}/mailbox.db` },
  };
}

function multicastRegistry({ name }: PrismPattern, { redis, nats }: UsedConnections): JsonObject {
  return {
    name,
    pattern: 'multicast-registry',
    slots: { registry: slot('redis', redis), messaging: slot('nats', nats) },
    behavior: { max_identities: 1000, topic_prefix: `${name}.` },
  };
}

/** For a runner of which nothing is known: its backends by kind, in the keys of the drivers. */
function generic(pattern: PrismPattern, used: UsedConnections): JsonObject {
  const { name, backends } = pattern;
  const known = Object.values(used).map((connection) => [connection.kind, driverConfig(connection)]);
  const files = { database_path: `${dataDirectory}/${name}.db` };
  return {
    name,
    pattern: runnerOf(pattern),
    backends: { ...Object.fromEntries(known), ...(backends.includes('sqlite') && { sqlite: files }) },
  };
}

function slot(backend: string, connection: UsedConnections['nats']): JsonObject {
  return { backend, config: connection === undefined ? {} : driverConfig(connection) };
}
