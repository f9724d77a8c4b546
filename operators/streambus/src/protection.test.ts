import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { aCluster, type SpecInput } from './a-cluster.fixture.ts';
import { type Unenforceable, unenforceable } from './api/v1alpha1/security.ts';
import { StreamBusCluster } from './api/v1alpha1/stream-bus-cluster.ts';
import { type Protection, protectionOf, scrapedOf } from './protection.ts';

const samples = new URL('../../../deploy/samples/streambus/', import.meta.url);
const sample = (name: string) =>
  StreamBusCluster.withDefaults(parse(readFileSync(new URL(`${name}.yaml`, samples), 'utf8'))).spec;
const of = (spec: SpecInput) => protectionOf(aCluster({ spec }).spec);

const tls = { enabled: true, certSecretName: 'tls' };
const mutual = { ...tls, clientAuthRequired: true };

describe('the protection that the samples ask for', () => {
  const open: Protection = { isAsked: false, isFenced: false, unenforced: [], unaccepted: [] };
  const rows: readonly (readonly [string, Protection])[] = [
    ['minimal', open],
    ['dev', open],
    [
      'production',
      {
        ...{ isAsked: true, isFenced: true, unenforced: [], unaccepted: [] },
        proxy: { certSecret: 'streambus-tls-certs', caSecret: 'streambus-tls-certs' },
      },
    ],
    [
      'secure',
      {
        ...{ isAsked: true, isFenced: true },
        proxy: {
          ...{ certSecret: 'streambus-tls-certs', caSecret: 'streambus-ca-cert' },
          access: { defaultPolicy: 'deny', names: [] },
        },
        ...{ unenforced: ['jwt', 'auditLogDetail'], unaccepted: ['jwt', 'auditLogDetail'] },
      },
    ],
    ['multi-tenant', { isAsked: true, isFenced: true, unenforced: ['jwt'], unaccepted: ['jwt'] }],
  ];
  it.each(rows)('%s', (name, protection) => {
    expect(protectionOf(sample(name))).toEqual(protection);
  });
});

const auditLog = { enabled: true, level: 'detailed' };
const authorization = { enabled: true, allowedNames: ['DNS:orders.example'] };
const asking: Readonly<Record<Unenforceable, SpecInput>> = {
  jwt: { security: { authentication: { enabled: true, method: 'jwt' } } },
  sasl: { security: { authentication: { enabled: true, sasl: {} } } },
  authorization: { security: { authorization: { enabled: true } } },
  auditLog: { observability: { logging: { auditLog: { enabled: true } } } },
  auditLogDetail: { security: { tls }, observability: { logging: { auditLog } } },
  alternativeNames: { security: { tls: mutual, authorization, proxy: { version: '3.0' } } },
  networkFence: { security: { tls, networkPolicy: { enabled: false } } },
  security: { security: { enabled: true } },
};

describe('what nobody enforces', () => {
  it.each(unenforceable)('is told by its word, until the user accepts it: %s', (word) => {
    const spec = asking[word];
    const accepted: SpecInput = { ...spec, security: { ...spec.security, acceptUnenforced: [word] } };
    expect([of(spec).unenforced, of(spec).unaccepted]).toEqual([[word], [word]]);
    expect([of(accepted).unenforced, of(accepted).unaccepted]).toEqual([[word], []]);
  });

  const fine: readonly (readonly [string, SpecInput])[] = [
    ['mtls', { security: { tls, authentication: { enabled: true, method: 'mtls' } } }],
    ['names in certificates', { security: { tls: mutual, authorization: { enabled: true, allowedNames: ['alice'] } } }],
    ['alternative names with HAProxy 3.2', { security: { tls: mutual, authorization } }],
    ['an audit log of connections', { security: { tls }, observability: { logging: { auditLog: { enabled: true } } } }],
    ['a fence alone', { security: { networkPolicy: { enabled: true } } }],
    ['jwt that is switched off', { security: { authentication: { enabled: false, method: 'jwt' } } }],
  ];
  it.each(fine)('is nothing of %s', (_what, spec) => {
    expect(of(spec).unenforced).toEqual([]);
  });
});

describe('the proxy', () => {
  const rows: readonly (readonly [string, NonNullable<SpecInput['security']>, Protection['proxy'] | undefined])[] = [
    ['is none without TLS', { enabled: true }, undefined],
    ['is none where TLS is off', { tls: { ...mutual, enabled: false } }, undefined],
    ['asks nobody for a certificate unless told', { tls }, { certSecret: 'tls' }],
    ['takes the older name of the Secret', { tls: { enabled: true, secretName: 'old' } }, { certSecret: 'old' }],
    ['verifies against the same Secret unless told', { tls: mutual }, { certSecret: 'tls', caSecret: 'tls' }],
    [
      'verifies against the CA given',
      { tls: { ...mutual, caSecretName: 'ca' } },
      { certSecret: 'tls', caSecret: 'ca' },
    ],
    [
      'asks for certificates where mtls is one of several ways',
      { tls, authentication: { enabled: true, allowedMethods: ['jwt', 'mtls'] } },
      { certSecret: 'tls', caSecret: 'tls' },
    ],
    [
      'keeps out those that are denied, where everybody else is let in',
      {
        tls: mutual,
        authorization: { enabled: true, defaultPolicy: 'allow', allowedNames: ['a'], deniedNames: ['b'] },
      },
      { certSecret: 'tls', caSecret: 'tls', access: { defaultPolicy: 'allow', names: ['b'] } },
    ],
  ];
  it.each(rows)('%s', (_what, security, proxy) => {
    expect(of({ security }).proxy).toEqual(proxy);
  });
});

describe('the fence', () => {
  const shared = { enabled: true, isolation: { networkPolicies: true } };
  const rows: readonly (readonly [boolean, string, SpecInput])[] = [
    [false, 'nothing is asked for', {}],
    [true, 'any part of security is', { security: { authorization: { enabled: true } } }],
    [true, 'it is asked for itself', { security: { networkPolicy: { enabled: true } } }],
    [false, 'it is switched off', { security: { tls, networkPolicy: { enabled: false } } }],
    [true, 'tenants are to be isolated', { multiTenancy: shared }],
    [false, 'there are no tenants to be isolated', { multiTenancy: { ...shared, enabled: false } }],
  ];
  it.each(rows)('is there (%s) where %s', (isFenced, _when, spec) => {
    expect(of(spec).isFenced).toBe(isFenced);
  });
});

describe('what is scraped', () => {
  const scraped = (security: NonNullable<SpecInput['security']>, serviceMonitor = true, enabled = true) =>
    scrapedOf(aCluster({ spec: { security, observability: { metrics: { enabled, serviceMonitor } } } }).spec);
  const adminFrom = [{ namespaceLabels: { team: 'monitoring' } }];

  it('is nothing unless it is asked for', () => {
    expect([scraped({}, false), scraped({}, true, false)]).toEqual([[], []]);
  });

  it('is whatever a Prometheus can reach', () => {
    expect([
      scraped({}),
      scraped({ tls, networkPolicy: { enabled: false } }),
      scraped({ tls }),
      scraped({ tls, networkPolicy: { adminFrom } }),
      scraped({ networkPolicy: { enabled: true } }),
    ]).toEqual([['broker'], ['broker', 'proxy'], ['proxy'], ['broker', 'proxy'], []]);
  });
});

describe('any protection', () => {
  it('is never complete where something is asked for that has no effect', () => {
    const words = fc.subarray([...unenforceable]);
    fc.assert(
      fc.property(fc.constantFrom(...unenforceable), words, (word, accepted) => {
        const spec: SpecInput = { ...asking[word], security: { ...asking[word].security, acceptUnenforced: accepted } };
        const { isAsked, unenforced, unaccepted } = of(spec);
        expect([isAsked, unenforced.length > 0]).toEqual([true, true]);
        expect(unaccepted).toEqual(unenforced.filter((each) => !accepted.includes(each)));
      }),
    );
  });
});
