import type { Service } from '@capstan/kube';
import { describe, expect, it } from 'vitest';
import { routerUrl } from './router-service.ts';

type Ports = NonNullable<NonNullable<Service['spec']>['ports']>;

function service(name: string, ports: Ports, cluster = 'tiny'): Service {
  const labels = { druid_cr: cluster, component: 'router' };
  return { apiVersion: 'v1', kind: 'Service', metadata: { name, namespace: 'shop', labels }, spec: { ports } };
}

const plain = { name: 'service-port', port: 8088 };
const tls = { name: 'https', port: 9088 };

describe('the address of a router', () => {
  it.each([
    ['the port of its Service', [service('r', [plain])], false, 'http://r.shop.svc:8088'],
    [
      'TLS where the port is named so',
      [service('r', [{ ...plain, name: 'https', port: 1234 }])],
      false,
      'https://r.shop.svc:1234',
    ],
    [
      'TLS where the Service says so',
      [service('r', [{ port: 1, appProtocol: 'https' }])],
      false,
      'https://r.shop.svc:1',
    ],
    ['the plain port of two', [service('r', [tls, plain])], false, 'http://r.shop.svc:8088'],
    ['the TLS port of two where a CA is given', [service('r', [plain, tls])], true, 'https://r.shop.svc:9088'],
    ['TLS on the only port where a CA is given', [service('r', [plain])], true, 'https://r.shop.svc:8088'],
    ['the first by name', [service('b', [plain]), service('a', [plain])], false, 'http://a.shop.svc:8088'],
    ['one with a port', [service('a', []), service('b', [plain])], false, 'http://b.shop.svc:8088'],
    ['nothing for another cluster', [service('r', [plain], 'other')], false, undefined],
    ['nothing without a Service', [], false, undefined],
  ])('is %s', (_what, services, isTls, url) => {
    expect(routerUrl(services, 'tiny', isTls)).toBe(url);
  });
});
