import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cacheDirectory, pickPort } from '@capstan/controlplane';
import { eventually } from '@capstan/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exporters } from './exported-series.ts';

/** The newest HAProxy there is: one that `scripts/install-haproxy.sh` has fetched, or the machine's own. */
const fetched = ['3.2', '3.0', '2.6'].map((version) => join(cacheDirectory(), 'haproxy', version, 'haproxy'));
const program = [...fetched, 'haproxy'].find((path) => spawnSync(path, ['-v']).status === 0);
if (program === undefined)
  console.warn('no haproxy on this machine: its series are not compared (scripts/install-haproxy.sh)');

const directory = mkdtempSync(join(tmpdir(), 'capstan-haproxy-'));
let haproxy: ChildProcess;
let [clientPort, metricsPort] = [0, 0];

/** The proxies and the table of a broker's proxy, by name; of what they do, only that they refuse everybody. */
function config(): string {
  return `
defaults
  mode tcp
  timeout connect 1s
  timeout client 5s
  timeout server 5s
frontend clients
  bind 127.0.0.1:${clientPort}
  tcp-request session reject
  default_backend broker
backend broker
  server broker 127.0.0.1:1 check
backend tenants
  stick-table type string len 256 size 10k expire 30m store conn_cur
frontend ready
  mode http
  bind 127.0.0.1:${metricsPort}
  http-request use-service prometheus-exporter
`;
}

/** Every sample that is told, by name and the names of its labels, and its values. */
async function told(): Promise<ReadonlyMap<string, readonly number[]>> {
  const answer = await fetch(`http://127.0.0.1:${metricsPort}/metrics`);
  const samples = new Map<string, number[]>();
  for (const line of (await answer.text()).split('\n')) {
    const [, name, labels = '', value] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
    if (name === undefined) continue;
    const key = `${name} ${[...labels.matchAll(/(\w+)="/g)].map(([, label]) => label).sort()}`;
    samples.set(key, [...(samples.get(key) ?? []), Number(value)]);
  }
  return samples;
}

describe.skipIf(program === undefined)('a real HAProxy', () => {
  beforeAll(async () => {
    clientPort = await pickPort();
    metricsPort = await pickPort();
    const file = join(directory, 'haproxy.cfg');
    writeFileSync(file, config());
    haproxy = spawn(program ?? '', ['-db', '-f', file], { stdio: 'ignore' });
    await eventually(async () => expect((await told()).size).toBeGreaterThan(0), { timeout: 20_000 });
  }, 30_000);

  afterAll(async () => {
    const exited = once(haproxy, 'exit');
    // HAProxy ends at once on SIGTERM.
    haproxy.kill('SIGTERM');
    await exited;
    rmSync(directory, { recursive: true, force: true });
  });

  it('exports every series that dashboards use, with these labels', async () => {
    const samples = await told();
    const wanted = exporters['haproxy']?.series.map(({ name, labels }) => `${name} ${[...labels].sort()}`) ?? [];
    expect(wanted.filter((key) => !samples.has(key))).toEqual([]);
    expect(wanted.length).toBeGreaterThan(10);
  });

  it('counts a refused client as a connection and as denied, and not as a session', async () => {
    const socket = connect(clientPort, '127.0.0.1');
    socket.on('error', () => undefined);
    await once(socket, 'close');
    await eventually(async () => {
      const samples = await told();
      const counts = ['connections', 'denied_sessions', 'sessions'].map((what) => [
        what,
        samples.get(`haproxy_frontend_${what}_total proxy`)?.at(0),
      ]);
      expect(Object.fromEntries(counts)).toEqual({ connections: 1, denied_sessions: 1, sessions: 0 });
    });
  });
});
