import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { describe, expect, it } from 'vitest';
import { type AdminMetrics, adminMetrics, askMember } from './admin-metrics.ts';

const never = new AbortController().signal;
const member = { pod: 'admin-1', ip: '127.0.0.1', port: 1 };

/** Asks a server on loopback that answers so. */
async function answerOf(listener: RequestListener) {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  try {
    return await askMember(adminMetrics(), { ...member, port: address.port }, never);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const text =
  (body: string): RequestListener =>
  (_request, response) =>
    void response.end(body);
const saying = (body: string): AdminMetrics => ({ ask: () => Promise.resolve(body) });

describe('a member of prism-admin that is asked for its metrics', () => {
  it.each([
    ['prism_admin_raft_state 2\n', { kind: 'Leads' }],
    ['# TYPE prism_admin_raft_state gauge\nprism_admin_raft_state 2\nprism_admin_raft_term 7\n', { kind: 'Leads' }],
    ['prism_admin_raft_state 0\n', { kind: 'Follows' }],
    ['prism_admin_raft_state 1\n', { kind: 'Follows' }],
    ['prism_admin_raft_state{node="1"} 2.0e+00\n', { kind: 'Leads' }],
    ['prism_admin_raft_state_total 2\n', { kind: 'Silent', why: 'its metrics have no prism_admin_raft_state' }],
    ['<html>', { kind: 'Silent', why: 'its metrics have no prism_admin_raft_state' }],
  ])('says of %j: %j', async (body, expected) => {
    expect(await askMember(saying(body), member, never)).toEqual(expected);
  });

  it('is asked over HTTP', async () => {
    expect(await answerOf(text('prism_admin_raft_state 2\n'))).toEqual({ kind: 'Leads' });
  });

  it('has said nothing when it answers with another status', async () => {
    const broken: RequestListener = (_request, response) =>
      void response.writeHead(503).end('prism_admin_raft_state 2');
    expect(await answerOf(broken)).toEqual({ kind: 'Silent', why: 'it answers with status 503' });
  });

  it('has said nothing when its answer does not end', async () => {
    const endless: RequestListener = (_request, response) => {
      const line = '# no end\n'.repeat(8_192);
      const more = () => void (response.write(line) ? setImmediate(more) : response.once('drain', more));
      more();
    };
    expect(await answerOf(endless)).toEqual({ kind: 'Silent', why: 'the answer is longer than 4 MiB' });
  });

  it('has said nothing when it does not listen', async () => {
    const answer = await askMember(adminMetrics(), member, never);
    expect(answer).toEqual({ kind: 'Silent', why: expect.stringContaining('ECONNREFUSED') });
  });
});
