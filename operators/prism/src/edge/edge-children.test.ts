import type { GRPCRoute } from '@capstan/resources';
import { childName, desiredOf } from '@capstan/runtime';
import { describe, expect, it } from 'vitest';
import { aCluster, type SpecInput } from '../a-cluster.fixture.ts';
import { proxyChildren } from '../children/proxy.ts';
import { edgeChildren } from './edge-children.ts';

type Edge = NonNullable<NonNullable<SpecInput>['ingress']>;

const host = 'prism.example';
const issuerRef = { name: 'ca', kind: 'ClusterIssuer' as const };
const gateway = { parentRefs: [{ name: 'public', namespace: 'infra', sectionName: 'grpc' }] };
const protocol = 'nginx.ingress.kubernetes.io/backend-protocol';

/** The objects as they would be sent. */
function objectsOf(ingress: Edge, spec: SpecInput = {}) {
  const children = edgeChildren(aCluster({ spec: { ...spec, ingress } })).map(desiredOf);
  return new Map(children.map((child) => [childName(child), JSON.parse(JSON.stringify(child))] as const));
}

const namesOf = (...args: Parameters<typeof objectsOf>) => [...objectsOf(...args).keys()];

describe('what lets clients outside in', () => {
  it.each([
    ['nothing where it is disabled', { enabled: false, host }, []],
    ['an Ingress', { host }, ['Ingress/orders-prism-proxy']],
    ['an Ingress for any host', {}, ['Ingress/orders-prism-proxy']],
    [
      'an Ingress and its certificate',
      { host, tls: { issuerRef } },
      ['Certificate/orders-prism-proxy', 'Ingress/orders-prism-proxy'],
    ],
    [
      'no certificate where TLS is switched off',
      { host, tls: { enabled: false, issuerRef } },
      ['Ingress/orders-prism-proxy'],
    ],
    ['no certificate where somebody else makes it', { host, tls: { secretName: 'x' } }, ['Ingress/orders-prism-proxy']],
    ['a route in place of an Ingress', { host, gateway }, ['GRPCRoute/orders-prism-proxy']],
    [
      'a route beside an Ingress whose class is named',
      { host, gateway, className: 'nginx' },
      ['Ingress/orders-prism-proxy', 'GRPCRoute/orders-prism-proxy'],
    ],
    [
      'prism-admin by itself, when asked for',
      { host, exposeAdmin: true },
      ['Ingress/orders-prism-proxy', 'Ingress/orders-prism-admin'],
    ],
    [
      'prism-admin by a route of its own',
      { host, exposeAdmin: true, gateway },
      ['GRPCRoute/orders-prism-proxy', 'GRPCRoute/orders-prism-admin'],
    ],
  ] as const)('is %s', (_what, ingress, names) => {
    expect(namesOf(ingress)).toEqual(names);
  });

  it('is nothing where nobody asks', () => {
    expect(edgeChildren(aCluster())).toEqual([]);
  });

  it('leads to the port that the Service of the proxy has, by gRPC, over TLS', () => {
    const ingress = objectsOf({ host, className: 'nginx', tls: { secretName: 'tls' } }).get(
      'Ingress/orders-prism-proxy',
    );
    const service = proxyChildren(aCluster())
      .map(desiredOf)
      .find(({ kind }) => kind === 'Service');
    const number = JSON.parse(JSON.stringify(service)).spec.ports[0].port;
    expect(ingress.spec).toEqual({
      ingressClassName: 'nginx',
      rules: [
        {
          host,
          http: {
            paths: [
              {
                path: '/',
                pathType: 'Prefix',
                backend: { service: { name: service?.metadata.name, port: { number } } },
              },
            ],
          },
        },
      ],
      tls: [{ hosts: [host], secretName: 'tls' }],
    });
    expect(ingress.metadata.annotations).toEqual({ [protocol]: 'GRPC' });
  });

  it('passes annotations on, and lets them have the last word', () => {
    const annotations = { a: 'b', [protocol]: 'GRPCS' };
    expect(objectsOf({ host, annotations }).get('Ingress/orders-prism-proxy').metadata.annotations).toEqual(
      annotations,
    );
  });

  it('takes an Ingress for any host as one that names none', () => {
    const { spec } = objectsOf({ tls: { secretName: 'tls' } }).get('Ingress/orders-prism-proxy');
    expect([Object.keys(spec.rules[0]), spec.tls]).toEqual([['http'], [{ secretName: 'tls' }]]);
  });

  it.each([
    ['upstream', 'GRPC', 8981],
    ['memo035', 'HTTP', 8080],
  ] as const)('speaks with prism-admin in profile %s as that does: %s', (profile, spoken, number) => {
    const ingress = { host, exposeAdmin: true, annotations: { [protocol]: 'GRPC' } };
    const { metadata, spec } = objectsOf(ingress, { profile }).get('Ingress/orders-prism-admin');
    expect(metadata.annotations).toEqual({ [protocol]: spoken });
    expect(spec.rules[0].host).toBe('admin.prism.example');
    expect(spec.rules[0].http.paths[0].backend.service).toEqual({ name: 'orders-prism-admin', port: { number } });
  });

  it('has no route for an admin that speaks HTTP', () => {
    expect(namesOf({ host, exposeAdmin: true, gateway }, { profile: 'memo035' })).toEqual([
      'GRPCRoute/orders-prism-proxy',
    ]);
  });

  it('has one certificate for all names, in the Secret that the Ingresses read', () => {
    const objects = objectsOf({ host, exposeAdmin: true, tls: { issuerRef } });
    const secretName = 'orders-prism-proxy-tls';
    expect(objects.get('Certificate/orders-prism-proxy').spec).toMatchObject({
      ...{ secretName, issuerRef },
      dnsNames: [host, 'admin.prism.example'],
    });
    for (const [name, at] of [
      ['proxy', host],
      ['admin', 'admin.prism.example'],
    ])
      expect(objects.get(`Ingress/orders-prism-${name}`).spec.tls).toEqual([{ hosts: [at], secretName }]);
  });

  it('routes from the Gateways that the spec names', () => {
    const route: GRPCRoute = objectsOf({ host, gateway }).get('GRPCRoute/orders-prism-proxy');
    expect(route.spec).toEqual({
      parentRefs: gateway.parentRefs,
      hostnames: [host],
      rules: [{ backendRefs: [{ name: 'orders-prism-proxy', port: 8980 }] }],
    });
  });
});
