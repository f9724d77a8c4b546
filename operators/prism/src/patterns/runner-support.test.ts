import { describe, expect, it } from 'vitest';
import type { SpecInput } from '../a-cluster.fixture.ts';
import { profileOf } from '../profiles/profiles.ts';
import { supportOf } from './runner-support.ts';
import { type PatternInput, somePattern } from './some-pattern.fixture.ts';

function supportFor(input: PatternInput, spec: SpecInput = {}) {
  const { cluster, pattern } = somePattern(input, spec);
  return supportOf(pattern, cluster, profileOf(cluster));
}

const open: SpecInput = { backends: { redis: { auth: 'None' }, nats: {} } };
const all: SpecInput = { backends: { redis: {}, nats: {}, postgres: {}, kafka: {} } };
const elsewhere = (more: object): SpecInput => ({
  backends: { redis: { external: { endpoint: 'far:6379', ...more } } },
});

type Row = readonly [title: string, pattern: PatternInput, spec: SpecInput];

describe('a runner', () => {
  const supported: readonly Row[] = [
    ['keyvalue with redis', { name: 'keyvalue', backends: ['redis'] }, all],
    ['keyvalue under another name', { name: 'carts', runner: 'keyvalue', backends: ['redis', 'sqlite'] }, all],
    ['consumer with nats', { name: 'consumer', backends: ['nats'] }, all],
    ['producer with nats', { name: 'producer', backends: ['nats'] }, all],
    ['producer with a redis that asks for no password', { name: 'producer', backends: ['nats', 'redis'] }, open],
    ['producer with such a redis elsewhere', { name: 'producer', backends: ['redis'] }, elsewhere({})],
    ['multicast-registry with redis and nats', { name: 'multicast-registry', backends: ['redis', 'nats'] }, all],
    ['that nobody knows, of an image', { name: 'claimcheck', image: 'mine:1', backends: ['minio'] }, all],
    ['of an image of its own under memo035', { name: 'consumer', image: 'mine:1' }, { profile: 'memo035' }],
  ];
  it.each(supported)('%s is supported', (_title, pattern, spec) => {
    expect(supportFor(pattern, spec)).toEqual({ kind: 'Supported' });
  });

  const cautioned: readonly (readonly [...Row, caution: RegExp])[] = [
    ['keyvalue without a backend', { name: 'keyvalue' }, all, /memory of each pod/],
    [
      'keyvalue that is told so',
      { name: 'keyvalue', backends: ['nats'], config: { backend: 'memstore' } },
      all,
      /memory/,
    ],
    [
      'consumer of two pods',
      { name: 'consumer', replicas: 2, backends: ['nats'] },
      all,
      /each of the 2 pods gets every/,
    ],
    [
      'with a config under memo035',
      { name: 'consumer', image: 'mine:1', config: { behavior: {} } },
      { profile: 'memo035' },
      /config has no effect/,
    ],
  ];
  it.each(cautioned)('%s is supported, and it is said what people do not expect', (_title, pattern, spec, caution) => {
    expect(supportFor(pattern, spec)).toEqual({ kind: 'Supported', caution: expect.stringMatching(caution) });
  });

  const unsupported: readonly (readonly [...Row, why: RegExp])[] = [
    ['mailbox', { name: 'mailbox', backends: ['minio', 'sqlite'] }, all, /nats:\/\/localhost:4222/],
    [
      'mailbox from a mirror',
      { name: 'letters', runner: 'mailbox', image: 'mirror/mailbox-runner:1' },
      all,
      /localhost/,
    ],
    [
      'that nobody knows',
      { name: 'claimcheck', backends: ['minio'] },
      all,
      /never been released.*claimcheck-runner:latest/,
    ],
    ['keyvalue with a redis behind TLS', { name: 'keyvalue', backends: ['redis'] }, elsewhere({ tls: true }), /TLS/],
    ['under memo035', { name: 'producer', backends: ['nats'] }, { profile: 'memo035' }, /told of the proxy/],
  ];
  it.each(unsupported)('%s is not supported, and it is said why', (_title, pattern, spec, why) => {
    expect(supportFor(pattern, spec)).toEqual({ kind: 'Unsupported', why: expect.stringMatching(why) });
  });

  const refused: readonly (readonly [...Row, why: RegExp])[] = [
    ['keyvalue with nats alone', { name: 'keyvalue', backends: ['nats'] }, all, /name redis in backends/],
    ['keyvalue with postgres', { name: 'keyvalue', config: { backend: 'postgres' } }, all, /name redis in backends/],
    ['consumer without nats', { name: 'consumer', backends: ['redis'] }, all, /name nats in backends/],
    ['producer without a sink', { name: 'producer', backends: ['kafka'] }, all, /name one of them/],
    [
      'producer with a redis that asks for a password',
      { name: 'producer', backends: ['nats', 'redis'] },
      all,
      /set spec\.backends\.redis\.auth to None/,
    ],
    [
      'producer with such a redis elsewhere',
      { name: 'producer', backends: ['redis'] },
      elsewhere({ secretRef: { name: 'far' } }),
      /password/,
    ],
    ['multicast-registry on postgres', { name: 'multicast-registry', backends: ['postgres', 'nats'] }, all, /hangs/],
    ['multicast-registry on kafka', { name: 'multicast-registry', backends: ['redis', 'kafka'] }, all, /hangs/],
    [
      'multicast-registry that is told of postgres',
      {
        name: 'multicast-registry',
        backends: ['redis', 'nats'],
        config: { slots: { registry: { backend: 'postgres' } } },
      },
      all,
      /hangs/,
    ],
    [
      'with a list of namespaces',
      { name: 'consumer', backends: ['nats'], config: { namespaces: [] } },
      all,
      /one namespace/,
    ],
  ];
  it.each(refused)('%s is refused, and it is said what to do', (_title, pattern, spec, why) => {
    expect(supportFor(pattern, spec)).toEqual({ kind: 'Refused', why: expect.stringMatching(why) });
  });
});
