/** The files that the real runners were seen to start and work with. */
export const workingConfigurations = {
  keyvalue: {
    namespaces: [
      {
        name: 'kv',
        pattern: 'keyvalue',
        pattern_version: '0.1.0',
        backend: 'redis',
        backend_config: { address: '127.0.0.1:6379' },
      },
    ],
  },
  keyvalueWithPassword: {
    namespaces: [
      {
        name: 'kv',
        pattern: 'keyvalue',
        backend: 'redis',
        backend_config: { address: 'redis://127.0.0.1:6380', password: 's3cr3t', db: 2 },
      },
    ],
  },
  consumer: {
    namespaces: [
      {
        name: 'orders-consumer',
        pattern: 'consumer',
        slots: { message_source: { backend: 'nats', config: { url: 'nats://127.0.0.1:4222', max_reconnects: -1 } } },
        behavior: { consumer_group: 'g1', topic: 'orders' },
      },
    ],
  },
  producer: {
    name: 'p',
    slots: { message_sink: { driver: 'nats', config: { url: 'nats://127.0.0.1:4222' } } },
  },
  producerWithDeduplication: {
    name: 'p',
    slots: {
      message_sink: { driver: 'nats', config: { url: 'nats://127.0.0.1:4222' } },
      state_store: { driver: 'redis', config: { address: '127.0.0.1:6379' } },
    },
    behavior: {
      max_retries: 3,
      retry_backoff: '1s',
      batch_size: 10,
      batch_interval: '100ms',
      deduplication: true,
    },
  },
  mailbox: {
    name: 'mb',
    behavior: { topic: 'orders', consumer_group: 'g', auto_commit: true },
    storage: { database_path: '/data/mailbox.db' },
  },
  multicastRegistry: {
    namespaces: [
      {
        name: 'mc',
        pattern: 'multicast-registry',
        slots: {
          registry: { backend: 'redis', config: { address: '127.0.0.1:6379' } },
          messaging: { backend: 'nats', config: { url: 'nats://127.0.0.1:4222', max_reconnects: -1 } },
        },
        behavior: { max_identities: 1000, topic_prefix: 'mc.' },
      },
    ],
  },
};
