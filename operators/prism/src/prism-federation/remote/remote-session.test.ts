import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connectionFrom, systemClock } from '@capstan/kube';
import { seconds } from '@capstan/runtime';
import { eventually } from '@capstan/testkit';
import { describe, expect, it } from 'vitest';
import { RemoteSession } from './remote-session.ts';

const at = { namespace: 'prism', name: 'global' };

/** An API server that has one PrismCluster with a status of any shape, and counts what is asked to be written. */
async function aPlane(status: unknown) {
  const writes: string[] = [];
  const cluster = {
    ...{ apiVersion: 'prism.io/v1alpha1', kind: 'PrismCluster', spec: {}, status },
    metadata: { ...at, uid: 'u', resourceVersion: '1', labels: { 'prism.io/federation-uid': 'f' } },
  };
  const answer = (response: ServerResponse, body: unknown) => response.end(JSON.stringify(body));
  const server = createServer(({ url = '', method = '' }, response) => {
    if (method !== 'GET') writes.push(method);
    response.writeHead(200, { 'content-type': 'application/json' });
    if (url.includes('watch=')) {
      response.flushHeaders();
      const annotations = { 'k8s.io/initial-events-end': 'true' };
      const { apiVersion, kind } = cluster;
      const end = { apiVersion, kind, metadata: { resourceVersion: '1', annotations } };
      const events = [
        { type: 'ADDED', object: cluster },
        { type: 'BOOKMARK', object: end },
      ];
      if (url.includes('sendInitialEvents=true'))
        for (const event of events) response.write(`${JSON.stringify(event)}\n`);
    } else if (url.includes('fieldSelector'))
      answer(response, { kind: 'PrismClusterList', metadata: { resourceVersion: '1' }, items: [cluster] });
    else answer(response, url.startsWith('/readyz') ? {} : cluster);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // it listens on TCP
  return {
    writes,
    server: `http://127.0.0.1:${port}`,
    [Symbol.dispose]: () => void server.close().closeAllConnections(),
  };
}

async function aSession(server: string) {
  const stop = new AbortController();
  const due: number[] = [];
  const session = new RemoteSession(
    {
      ...{ at, owner: { namespace: 'shop', name: 'global', uid: 'f' }, connection: await connectionFrom({ server }) },
      ...{ interval: seconds(0.05), timeout: seconds(1) },
    },
    {
      ...{ clock: systemClock, userAgent: 'test', knock: () => Promise.reject(new Error('there is no proxy')) },
      ...{ onNews: () => {}, onDue: () => void due.push(systemClock.monotonic()) },
    },
  );
  const over = session.run(stop.signal);
  return {
    ...{ session, due },
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await over;
    },
  };
}

describe('a session with a remote cluster', () => {
  it.each([
    { status: { phase: 'Running', conditions: [{ type: 'ProxyHealthy', status: 'True' }] }, verdict: 'Healthy' },
    { status: { conditions: {} }, verdict: 'Unhealthy' },
    { status: { conditions: [null], phase: { a: 1 } }, verdict: 'Unhealthy' },
    { status: 'nonsense', verdict: 'Unhealthy' },
  ])('goes on whatever its PrismCluster says of itself: $status', async ({ status, verdict }) => {
    using plane = await aPlane(status);
    await using open = await aSession(plane.server);
    await eventually(() => {
      const { observation } = open.session.sighting();
      expect(observation.verdict).toBe(verdict);
      expect(observation.inARow).toBeGreaterThan(1);
    });
  });

  it('writes after a pass, and asks for another before it writes again', async () => {
    using plane = await aPlane({});
    await using open = await aSession(plane.server);
    open.session.want({ spec: { patterns: [] } });
    await eventually(() => expect(plane.writes).toEqual(['PATCH']));
    expect(open.due).toEqual([]);
    await eventually(() => expect(open.due).toHaveLength(1), { timeout: 15_000 });
    expect(plane.writes).toEqual(['PATCH']);
    open.session.want({ spec: { patterns: [] } });
    await eventually(() => expect(plane.writes).toEqual(['PATCH', 'PATCH']));
  }, 30_000);
});
