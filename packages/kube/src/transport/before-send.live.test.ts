import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../clock.ts';
import { createClient } from '../create-client.ts';
import { ConfigMap } from '../kinds.ts';
import { sleeplessClock } from '../testing/manual-clock.fixture.ts';
import { answer, connectionTo, refuse, ScriptedServer } from '../testing/scripted-server.fixture.ts';

const settings = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings', resourceVersion: '7' } } as const;
const patch = { kind: 'merge', body: { data: { a: 'b' } } } as const;
const ref = { name: 'settings' };

class HeldBack extends Error {}

const holdBack = () => {
  throw new HeldBack('not now');
};

describe('what is asked before a request leaves', () => {
  it('ends a call unsent with its own error, over HTTP/2', async () => {
    await using server = await ScriptedServer.start((request) => answer(request, 200, settings));
    const client = createClient(connectionTo(server.url));
    await expect(client.patch(ConfigMap, ref, patch, { beforeSend: holdBack })).rejects.toBeInstanceOf(HeldBack);
    expect(await client.patch(ConfigMap, ref, patch)).toEqual(settings);
    expect(server.received).toHaveLength(1);
    await client.close();
  });

  it('ends a call unsent with its own error, over HTTP/1.1', async () => {
    const seen: string[] = [];
    const server = createServer((request, response) => {
      seen.push(request.method ?? '');
      response.setHeader('content-type', 'application/json').end(JSON.stringify(settings));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    // A server that listens on TCP has an address of this form.
    const { port } = server.address() as AddressInfo;
    const client = createClient(connectionTo(`http://127.0.0.1:${port}`));
    await expect(client.patch(ConfigMap, ref, patch, { beforeSend: holdBack })).rejects.toBeInstanceOf(HeldBack);
    expect(await client.get(ConfigMap, ref)).toEqual(settings);
    await expect(client.patch(ConfigMap, ref, patch, { beforeSend: holdBack })).rejects.toBeInstanceOf(HeldBack);
    expect(seen).toEqual(['GET']);
    await client.close();
    server.close();
  });

  it('is asked again before a repetition, which may come seconds later', async () => {
    await using server = await ScriptedServer.start((request) =>
      refuse(request, 429, 'TooManyRequests', { 'retry-after': '1' }),
    );
    const client = createClient(connectionTo(server.url), { clock: sleeplessClock(systemClock) });
    let asked = 0;
    const onlyOnce = () => {
      asked += 1;
      if (asked > 1) holdBack();
    };
    await expect(client.patch(ConfigMap, ref, patch, { beforeSend: onlyOnce })).rejects.toBeInstanceOf(HeldBack);
    expect(server.received).toHaveLength(1);
    await client.close();
  });
});
