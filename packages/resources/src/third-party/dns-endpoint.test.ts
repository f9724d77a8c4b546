import { describe, expect, it } from 'vitest';
import { dnsEndpoint } from '../index.ts';

const metadata = { name: 'orders' };
const west = {
  dnsName: 'orders.example',
  recordType: 'CNAME',
  targets: ['west.example'],
  setIdentifier: 'west',
} as const;

describe('DNS records', () => {
  it('say only what they are asked', () => {
    const endpoints = [{ ...west, recordTTL: 60, providerSpecific: [{ name: 'aws/weight', value: '70' }] }];
    expect(dnsEndpoint(metadata, endpoints)).toEqual({
      ...{ apiVersion: 'externaldns.k8s.io/v1alpha1', kind: 'DNSEndpoint', metadata },
      spec: { endpoints },
    });
  });

  it.each([
    { endpoints: [], problem: 'DNSEndpoint/orders: endpoints: there is none' },
    { endpoints: [{ ...west, targets: [] }], problem: 'endpoints[0].targets: there is none' },
    { endpoints: [{ ...west, targets: ['a', 'b'] }], problem: 'endpoints[0].targets: a CNAME has one target' },
    { endpoints: [west, west], problem: 'endpoints[1].setIdentifier: another set of CNAME records' },
    {
      endpoints: [west, { ...west, recordType: 'A', targets: ['10.0.0.1'] } as const],
      problem: 'endpoints[1].recordType: a name with a CNAME can have nothing else',
    },
  ])('are refused when no DNS has them: $problem', ({ endpoints, problem }) => {
    expect(() => dnsEndpoint(metadata, endpoints)).toThrow(problem);
  });
});
