import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KeyedCertificate } from '@capstan/pki';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { tlsVolumeFiles } from '../proxy/haproxy.fixture.ts';
import { MountedVolume } from '../proxy/mounted-volume.fixture.ts';
import { type TestAuthority, testAuthority } from '../proxy/test-authority.fixture.ts';
import { ProxyAgent } from './proxy-agent.ts';
import { ScriptedSocket } from './scripted-socket.fixture.ts';

let authority: TestAuthority;
let pair: KeyedCertificate;
let root: string;
let tls: MountedVolume;
let access: MountedVolume;
let nowMs: number;
let logged: string[];

beforeAll(async () => {
  authority = await testAuthority('ours');
  pair = await authority.server();
});

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'capstan-agent-'));
  tls = new MountedVolume(join(root, 'tls'), tlsVolumeFiles(pair, authority.certificate));
  access = new MountedVolume(join(root, 'access'), { 'allowed-names.lst': 'alice\n', 'connections.map': '* 5\n' });
  nowMs = Date.now();
  logged = [];
  newProxy();
});

afterEach(() => rmSync(root, { recursive: true }));

const socketPath = () => join(root, 'admin.sock');

/** Only that there is another file matters to the agent before it asks something. */
function newProxy(): void {
  rmSync(socketPath(), { force: true });
  writeFileSync(socketPath(), '');
}

function anAgent(socket: ScriptedSocket, master = new ScriptedSocket()): ProxyAgent {
  return new ProxyAgent({
    ...{ tlsDirectory: tls.directory, accessDirectory: access.directory, socketPath: socketPath(), socket },
    master,
    clock: { now: () => nowMs, sleep: () => Promise.reject(new Error('nobody waits here')) },
    log: (level, message) => logged.push(`${level} ${message.replaceAll(root, '')}`),
  });
}

/** What was committed since the last time this was asked. */
function commits(socket: ScriptedSocket): readonly string[] {
  const all = socket.asked.splice(0).filter((commands) => commands.startsWith('commit'));
  return all.map((command) => command.replaceAll(root, ''));
}

const tlsCommits = ['commit ssl cert /tls/tls.pem', 'commit ssl ca-file /tls/ca.crt'];
const accessCommits = ['commit acl @7 /access/allowed-names.lst', 'commit map @7 /access/connections.map'];

describe('the agent', () => {
  it('gives a HAProxy that it meets everything, and then asks it nothing more', async () => {
    const socket = new ScriptedSocket();
    const agent = anAgent(socket);
    await agent.look();
    expect(commits(socket)).toEqual([...tlsCommits, ...accessCommits]);
    for (let look = 0; look < 5; look += 1) await agent.look();
    expect(socket.asked).toEqual([]);
  });

  it('gives what another state of a volume holds, and nothing of the other volume', async () => {
    const socket = new ScriptedSocket();
    const agent = anAgent(socket);
    await agent.look();
    commits(socket);
    access.replace({ 'allowed-names.lst': 'bob\n' });
    await agent.look();
    expect(commits(socket)).toEqual(['commit acl @7 /access/allowed-names.lst']);
  });

  it('gives everything again to another HAProxy', async () => {
    const socket = new ScriptedSocket();
    const agent = anAgent(socket);
    await agent.look();
    commits(socket);
    newProxy();
    await agent.look();
    expect(commits(socket)).toEqual([...tlsCommits, ...accessCommits]);
  });

  it('waits for a HAProxy that is not there', async () => {
    rmSync(socketPath());
    const socket = new ScriptedSocket();
    const agent = anAgent(socket);
    await agent.look();
    expect([socket.asked, logged]).toEqual([[], []]);
    newProxy();
    await agent.look();
    expect(commits(socket)).toHaveLength(4);
  });

  it('tries again what was refused, alone, later each time and at most a minute later', async () => {
    const socket = new ScriptedSocket((commands) => (commands.startsWith('prepare acl') ? 'no' : undefined));
    const agent = anAgent(socket);
    const waits: number[] = [];
    await agent.look();
    expect(commits(socket)).toEqual([...tlsCommits, 'commit map @7 /access/connections.map']);
    for (let seconds = 0; waits.length < 8; ) {
      nowMs += 1000;
      seconds += 1;
      await agent.look();
      if (socket.asked.length === 0) continue;
      expect(socket.asked.splice(0)).toEqual([`prepare acl ${access.directory}/allowed-names.lst`]);
      waits.push(seconds);
      seconds = 0;
    }
    expect(waits).toEqual([2, 4, 8, 16, 32, 60, 60, 60]);
  });

  it('does not wait with another state for the time of the one that was refused', async () => {
    const socket = new ScriptedSocket((commands) => (commands.startsWith('prepare acl') ? 'no' : undefined));
    const agent = anAgent(socket);
    await agent.look();
    socket.asked.splice(0);
    access.replace({ 'connections.map': '* 6\n' });
    await agent.look();
    expect(commits(socket)).toEqual(['commit map @7 /access/connections.map']);
  });

  it('keeps a certificate back that does not fit its key, says so, and gives the authorities all the same', async () => {
    const socket = new ScriptedSocket();
    const { privateKey } = await authority.server();
    tls.replace(tlsVolumeFiles({ ...pair, privateKey }, authority.certificate));
    await anAgent(socket).look();
    expect(commits(socket)).toEqual(['commit ssl ca-file /tls/ca.crt', ...accessCommits]);
    expect(logged.filter((line) => line.startsWith('error'))).toEqual([
      'error /tls/tls.pem is not given to HAProxy, which keeps what it has: tls.pem.key: the key does not belong to the certificate',
    ]);
  });

  it('keeps a list back that it does not understand', async () => {
    access.replace({ 'allowed-names.lst': 'alice\nquit; x\n', 'connections.map': '* 5\n' });
    const socket = new ScriptedSocket();
    await anAgent(socket).look();
    expect(commits(socket)).toEqual([...tlsCommits, 'commit map @7 /access/connections.map']);
    expect(logged).toContain(
      'error /access/allowed-names.lst is not given to HAProxy, which keeps what it has: allowed-names.lst: a line of it is not an entry',
    );
  });

  it('survives a HAProxy that does not answer, a volume that is not there yet, and one that goes while it is read', async () => {
    const socket = new ScriptedSocket(() => {
      throw new Error('connect ECONNREFUSED');
    });
    rmSync(join(access.directory, '..data'));
    rmSync(join(tls.directory, '..state_0'), { recursive: true });
    const agent = anAgent(socket);
    await agent.look();
    access.replace({ 'connections.map': '* 5\n' });
    await agent.look();
    expect(logged).toEqual([
      expect.stringMatching(/^warn \/tls is not brought to HAProxy now but later: ENOENT/),
      'warn /access is not brought to HAProxy now but later: connect ECONNREFUSED',
    ]);
  });

  it('has a new worker started where the old one takes no notice, sends that nothing more, and looks at it all again', async () => {
    const [socket, master] = [
      new ScriptedSocket((asked) => (asked === stale ? 'Success!' : undefined)),
      new ScriptedSocket(),
    ];
    const stale = `commit ssl cert ${tls.directory}/tls.pem`;
    const agent = anAgent(socket, master);
    await agent.look();
    expect([commits(socket), master.asked]).toEqual([['commit ssl cert /tls/tls.pem', ...accessCommits], ['reload']]);
    expect(logged[0]).toMatch(/^warn .*no listener has taken it up; it starts a new worker, and open connections stay/);
    nowMs += 2000;
    await agent.look();
    expect(commits(socket)).toEqual(['commit ssl cert /tls/tls.pem']);
  });

  it('says nothing of a key, whatever happens', async () => {
    const answers = [undefined, 'no', pair.privateKey];
    for (const answer of answers) await anAgent(new ScriptedSocket(() => answer)).look();
    const secrets = pair.privateKey.split('\n').filter((line) => line.length > 20 && !line.startsWith('-'));
    expect(secrets.length).toBeGreaterThan(0);
    for (const secret of secrets) expect(logged.join('\n')).not.toContain(secret);
  });

  it('looks again and again until it is told to end', async () => {
    const [socket, end] = [new ScriptedSocket(), new AbortController()];
    let looks = 0;
    const agent = new ProxyAgent({
      ...{ tlsDirectory: tls.directory, accessDirectory: access.directory, socketPath: socketPath(), socket },
      master: new ScriptedSocket(),
      log: () => {},
      clock: {
        now: () => nowMs,
        sleep: async (ms) => {
          expect(ms).toBe(2000);
          looks += 1;
          if (looks === 3) end.abort();
        },
      },
    });
    await agent.run(end.signal);
    expect([looks, commits(socket).length]).toEqual([3, 4]);
  });
});
