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

  describe('where the worker takes no notice', () => {
    let pid: number;
    let socket: ScriptedSocket;
    let stale: string;

    beforeEach(() => {
      pid = 8;
      stale = `commit ssl cert ${tls.directory}/tls.pem`;
      socket = new ScriptedSocket((asked) => {
        if (asked === 'show info') return `Pid: ${pid}\n`;
        return asked === stale ? 'Success!' : undefined;
      });
    });

    const reloads = (answer: () => string) => new ScriptedSocket(answer);

    async function lookOften(agent: ProxyAgent): Promise<void> {
      for (let look = 0; look < 100; look += 1) {
        nowMs += 60_000;
        await agent.look();
      }
    }

    it('has a new one started, sends that nothing more, and looks at it all again', async () => {
      const master = reloads(() => 'Success=1\n--\n');
      const agent = anAgent(socket, master);
      await agent.look();
      expect([commits(socket), master.asked]).toEqual([['commit ssl cert /tls/tls.pem', ...accessCommits], ['reload']]);
      expect(logged[0]).toMatch(
        /^warn .*no listener has taken it up; it starts a new worker, and open connections stay/,
      );
      stale = '';
      nowMs += 2000;
      await agent.look();
      expect(commits(socket)).toEqual(tlsCommits);
    });

    it('counts as arrived what the new one has read, and never asks for a third', async () => {
      const master = reloads(() => {
        pid += 1;
        return '';
      });
      const agent = anAgent(socket, master);
      await agent.look();
      nowMs += 2000;
      await agent.look();
      expect(logged.at(-1)).toBe('info HAProxy has read /tls as it is mounted now');
      socket.asked.splice(0);
      await lookOften(agent);
      newProxy();
      await lookOften(agent);
      expect([master.asked, commits(socket)]).toEqual([['reload'], ['commit ssl cert /tls/tls.pem', ...accessCommits]]);
    });

    it('asks once more for what is mounted next', async () => {
      const master = reloads(() => {
        pid += 1;
        return '';
      });
      const agent = anAgent(socket, master);
      await lookOften(agent);
      tls.replace(tlsVolumeFiles(pair, authority.certificate));
      await lookOften(agent);
      expect(master.asked).toEqual(['reload', 'reload']);
    });

    it.each([
      [
        'Success=0\n--\n[NOTICE] (1) : x\n[ALERT]    (1) : config : no such file\n',
        /it starts no new worker: .*no such file$/,
      ],
      ['Permission denied', /it starts no new worker: Permission denied$/],
      ['', /it starts a new worker/],
    ])('does not take a worker for new that is not: after %j', async (answer, message) => {
      const master = reloads(() => answer);
      const agent = anAgent(socket, master);
      await lookOften(agent);
      expect([logged[0], master.asked]).toEqual([expect.stringMatching(message), ['reload']]);
      expect(logged.at(-1)).toMatch(/^warn \/tls is not brought .*and no new worker has come$/);
    });

    it('says so when the master does not answer', async () => {
      const master = reloads(() => {
        throw new Error('connect ENOENT');
      });
      await anAgent(socket, master).look();
      expect(logged[0]).toMatch(/^error .*; and it starts no new worker: connect ENOENT$/);
    });

    it('has none read what cannot be used', async () => {
      const master = reloads(() => '');
      tls.replace(tlsVolumeFiles(pair, 'nothing'));
      await lookOften(anAgent(socket, master));
      expect(master.asked).toEqual([]);
    });
  });

  describe('is to be started anew', () => {
    /** The sentence it ends with, and the seconds that has taken. */
    async function runFor(socket: ScriptedSocket, seconds: number) {
      const [end, startedAt] = [new AbortController(), nowMs];
      const agent = new ProxyAgent({
        ...{ tlsDirectory: tls.directory, accessDirectory: access.directory, socketPath: socketPath(), socket },
        ...{ master: new ScriptedSocket(), log: () => {} },
        clock: {
          now: () => nowMs,
          sleep: async (ms) => {
            nowMs += ms;
            if (nowMs >= startedAt + seconds * 1000) end.abort();
          },
        },
      });
      return { failure: await agent.run(end.signal), seconds: (nowMs - startedAt) / 1000 };
    }

    it('when HAProxy has refused the same for a quarter of an hour: longer than the kubelet looks back', async () => {
      const refusing = new ScriptedSocket((commands) =>
        commands.startsWith('prepare acl') ? 'Out of memory.' : undefined,
      );
      const { failure, seconds } = await runFor(refusing, 3600);
      expect(failure?.replaceAll(root, '')).toBe(
        '/access/allowed-names.lst is tried again: HAProxy refused "prepare acl /access/allowed-names.lst": Out of memory.',
      );
      expect(seconds).toBeGreaterThan(600);
      expect(seconds).toBeLessThan(1000);
    });

    it('when a certificate has been of no use for as long', async () => {
      tls.replace(tlsVolumeFiles({ ...pair, certificate: 'nothing' }, authority.certificate));
      const { failure } = await runFor(new ScriptedSocket(), 3600);
      expect(failure).toMatch(/tls.pem: no certificate can be read from it$/);
    });

    it('but not for what passes within that time, or when something else is mounted by then', async () => {
      const startedAt = nowMs;
      let changes = 0;
      const passing = new ScriptedSocket((commands) => {
        if (!commands.startsWith('prepare acl')) return undefined;
        const minute = (nowMs - startedAt) / 60_000;
        if (minute < 12) return 'no';
        if (minute > 24) return undefined;
        if (changes === 0) access.replace({ 'allowed-names.lst': `carol${changes++}\n` });
        return 'no';
      });
      expect(await runFor(passing, 7200)).toEqual({ failure: undefined, seconds: 7200 });
    });
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
