import { createServer } from 'node:net';
import { seconds } from '@capstan/runtime';
import { describe, expect, it } from 'vitest';
import { FakeControlPlane } from '../../testing/fake-control-plane.ts';
import { dialControlPlane } from './grpc-control-plane.ts';

const never = new AbortController().signal;

const orders = { name: 'orders', requestingProxy: 'shop.prism', principal: 'shop/orders', patterns: [], metadata: {} };

describe('a call to prism-admin', () => {
  it('never has an empty name', async () => {
    await using fake = await FakeControlPlane.start();
    const admin = dialControlPlane(fake.address);
    await expect(admin.createNamespace({ ...orders, name: '' }, never)).rejects.toThrow(RangeError);
    await expect(admin.registerProxy({ id: '', address: 'a:1' }, never)).rejects.toThrow(RangeError);
    admin.close();
    expect(fake.calls).toEqual([]);
  });

  it('is given up after its time', async () => {
    await using fake = await FakeControlPlane.start();
    fake.mood = 'Hangs';
    const admin = dialControlPlane(fake.address, seconds(0.2));
    const answer = await admin.createNamespace(orders, never);
    admin.close();
    expect(answer).toEqual({ kind: 'Unreachable', message: 'prism-admin did not answer within 0.2 s' });
  });

  it('is given up after its time too where somebody else listens, who says nothing', async () => {
    const server = createServer(() => {}).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('the server has no port');
    const admin = dialControlPlane(`127.0.0.1:${address.port}`, seconds(0.2));
    const answer = await admin.createNamespace(orders, never);
    admin.close();
    server.close();
    expect(answer).toMatchObject({ kind: 'Unreachable' });
  });

  it('is cut off by its signal', async () => {
    await using fake = await FakeControlPlane.start();
    fake.mood = 'Hangs';
    const admin = dialControlPlane(fake.address);
    const stop = new AbortController();
    const answer = admin.createNamespace(orders, stop.signal);
    stop.abort(new Error('enough'));
    await expect(answer).rejects.toThrow('enough');
    admin.close();
  });

  it('finds nobody where nobody listens', async () => {
    const fake = await FakeControlPlane.start();
    fake.stop();
    const admin = dialControlPlane(fake.address);
    const answer = await admin.createNamespace(orders, never);
    admin.close();
    expect(answer).toEqual({
      kind: 'Unreachable',
      message: 'prism-admin cannot be reached: the connection is refused',
    });
  });

  it('carries everything that prism-admin keeps, as it keeps it', async () => {
    await using fake = await FakeControlPlane.start();
    const admin = dialControlPlane(fake.address);
    await admin.registerProxy({ id: 'shop.prism', address: 'prism-prism-proxy.shop.svc:8980' }, never);
    await admin.createNamespace({ ...orders, metadata: { isolation: 'session', 'quota.maxSessions': '1000' } }, never);
    admin.close();
    expect([...fake.proxies]).toEqual([['shop.prism', 'prism-prism-proxy.shop.svc:8980']]);
    expect(fake.namespaces.get('orders')).toMatchObject({
      metadata: { isolation: 'session', 'quota.maxSessions': '1000' },
      ...{ principal: 'shop/orders', requestingProxy: 'shop.prism' },
    });
  });
});
