import { describe, expect, it } from 'vitest';
import { brokerTargetOf } from './broker-target.ts';

describe('the host name of a broker', () => {
  it.each([
    ['bus-0.bus-headless.shop.svc', { namespace: 'shop', cluster: 'bus', ordinal: 0 }],
    ['bus-12.bus-headless.shop.svc.cluster.local', { namespace: 'shop', cluster: 'bus', ordinal: 12 }],
    ['my-bus-2-1.my-bus-2-headless.a-b.svc', { namespace: 'a-b', cluster: 'my-bus-2', ordinal: 1 }],
  ])('%s names one pod', (host, target) => {
    expect(brokerTargetOf(host)).toEqual(target);
  });

  it.each([
    'bus.shop.svc',
    'bus-headless.shop.svc',
    'bus-0.other-headless.shop.svc',
    'bus-x.bus-headless.shop.svc',
    'bus-0.bus-headless.shop.pod',
    '127.0.0.1',
    '',
  ])('is not "%s"', (host) => {
    expect(brokerTargetOf(host)).toBeUndefined();
  });
});
