import { Client, credentials, Metadata, status } from '@grpc/grpc-js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ControlPlane } from '../admin/control-plane/control-plane.ts';
import { dialControlPlane } from '../admin/control-plane/grpc-control-plane.ts';
import { createNamespaceRequest, registerProxyRequest } from '../admin/control-plane/wire-message.ts';
import { FakeControlPlane, partitionOf, rangeOf } from './fake-control-plane.ts';

const never = new AbortController().signal;

let fake: FakeControlPlane;
let admin: ControlPlane;

beforeEach(async () => {
  fake = await FakeControlPlane.start();
  admin = dialControlPlane(fake.address);
});

afterEach(() => {
  admin.close();
  fake.stop();
});

function create(name: string, metadata: Readonly<Record<string, string>> = {}) {
  const request = { name, requestingProxy: 'p1', principal: 'shop/orders', patterns: ['keyvalue'], metadata };
  return admin.createNamespace(request, never);
}

const register = (id: string) => admin.registerProxy({ id, address: `${id}:8980` }, never);

/** A call as a client sends it that does not look at what it sends. */
function raw(method: string, bytes: Buffer): Promise<string> {
  const client = new Client(fake.address, credentials.createInsecure());
  return new Promise<string>((resolve) => {
    client.makeUnaryRequest(
      `/prism.ControlPlane/${method}`,
      (message: Buffer) => message,
      (answer: Buffer) => answer,
      bytes,
      new Metadata(),
      (error, answer) => resolve(error ? `${status[error.code]} ${error.details}` : (answer ?? Buffer.of()).toString()),
    );
  }).finally(() => client.close());
}

describe('the fake prism-admin, as the real one was heard to answer', () => {
  it('gives no namespace to anybody before a proxy is registered', async () => {
    expect(await create('orders')).toEqual({
      kind: 'WaitingForProxy',
      message: `no proxy assigned to partition ${partitionOf('orders')}: no proxies available`,
    });
  });

  it('gives the first proxy every partition, and the namespace that was refused before', async () => {
    expect(await register('p1')).toEqual({
      kind: 'Accepted',
      value: { ranges: [{ start: 0, end: 255 }], namespaces: [] },
    });
    expect(await create('orders')).toEqual({
      kind: 'Accepted',
      value: { partition: partitionOf('orders'), proxy: 'p1' },
    });
  });

  it('replaces what it knew of a namespace, and shows it to its proxy', async () => {
    await register('p1');
    await create('orders', { isolation: 'none', gone: 'yes' });
    await create('orders', { isolation: 'namespace' });
    expect(await register('p1')).toMatchObject({
      value: {
        namespaces: [{ name: 'orders', partition: partitionOf('orders'), metadata: { isolation: 'namespace' } }],
      },
    });
  });

  it('leaves a namespace with its proxy when others come, and shows it to the one that has its partition then', async () => {
    await register('p1');
    const name = 'orders';
    await create(name);
    const owner = partitionOf(name) >= 128 ? 'p2' : 'p1';
    const shown = { p2: await register('p2'), p1: await register('p1') };
    expect(await create(name)).toMatchObject({ value: { proxy: 'p1' } });
    for (const [id, answer] of Object.entries(shown))
      expect(answer).toMatchObject({ value: { namespaces: id === owner ? [{ name }] : [] } });
  });

  it('takes an empty name, of a namespace and of a proxy', async () => {
    const empty = registerProxyRequest.encode({ proxyId: '', address: '', version: '' });
    expect(await raw('RegisterProxy', empty)).toContain('Proxy registered successfully');
    const request = { namespace: '', requestingProxy: '', principal: '', config: null };
    expect(await raw('CreateNamespace', createNamespaceRequest.encode(request))).toContain('created successfully');
    expect([...fake.namespaces.keys(), ...fake.proxies.keys()]).toEqual(['', '']);
  });

  it.each([
    ['Heartbeat', 'Heartbeat received'],
    ['AssignNamespace', 'Namespace assignment acknowledged'],
    ['RevokeNamespace', 'Namespace revocation not yet implemented'],
    ['AssignProcess', 'Process assignment not yet implemented'],
    ['RevokeProcess', 'Process revocation not yet implemented'],
  ])('says of %s success, and does nothing', async (method, message) => {
    expect(await raw(method, Buffer.of())).toContain(message);
    expect([fake.namespaces.size, fake.proxies.size]).toEqual([0, 0]);
  });

  it('has no method that deletes or lists', async () => {
    for (const method of ['DeleteNamespace', 'ListNamespaces', 'GetNamespace'])
      expect(await raw(method, Buffer.of())).toMatch(/^UNIMPLEMENTED/);
  });

  it('says without a leader that there is none', async () => {
    fake.mood = 'NoLeader';
    expect(await create('orders')).toMatchObject({ kind: 'NoLeader' });
    expect(await raw('RegisterProxy', Buffer.of())).toBe('UNAVAILABLE no leader elected');
  });

  it('dies of a heartbeat of a launcher without resources', async () => {
    expect(await raw('LauncherHeartbeat', Buffer.of())).toMatch(/^(UNAVAILABLE|CANCELLED)/);
    expect(fake.crashedBy).toBe('nil pointer dereference');
  });

  it('dies of a registration beside a creation, and of neither beside its like', async () => {
    await register('p1');
    await Promise.all([create('a'), create('b'), create('c')]);
    expect(fake.crashedBy).toBeUndefined();
    await Promise.all([create('d'), register('p1')]);
    expect(fake.crashedBy).toBe('concurrent map iteration and map write');
  });

  it('still knows after a restart what it was told', async () => {
    await register('p1');
    await create('orders');
    const { address } = fake;
    fake.stop();
    await fake.listen();
    expect([fake.address, fake.namespaces.has('orders')]).toEqual([address, true]);
  });
});

describe('the partitions of a proxy', () => {
  it.each([
    [['p1'], 'p1', 0, 255],
    [['p1', 'p2'], 'p2', 128, 255],
    [['p2', 'p1', ''], 'p1', 85, 169],
    [['p2', 'p1', ''], 'p2', 170, 255],
  ])('of %j are for %s from %i to %i', (proxies, proxy, start, end) => {
    expect(rangeOf(proxy, proxies)).toEqual({ start, end });
  });

  it('of a name are those that prism-admin was seen to give', () => {
    expect(partitionOf('orders')).toBe(238);
  });
});
