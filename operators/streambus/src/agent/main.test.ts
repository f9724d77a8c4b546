import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MountedVolume } from '../proxy/mounted-volume.fixture.ts';

const main = fileURLToPath(new URL('main.ts', import.meta.url));

/** Loaded before the program: nothing waits, and the clock shows as if it had. */
const hurriedClock = `
import timers from 'node:timers/promises';
import { syncBuiltinESMExports } from 'node:module';
const now = Date.now;
let ahead = 0;
Date.now = () => now() + ahead;
timers.setTimeout = async (ms) => { ahead += ms; };
syncBuiltinESMExports();
`;

describe('the program of the agent', () => {
  let root: string;
  let refusing: Server;
  const at = (name: string) => join(root, name);

  beforeEach(async () => {
    root = mkdtempSync(join(tmpdir(), 'capstan-agent-'));
    mkdirSync(at('run'));
    new MountedVolume(at('access'), { 'allowed-names.lst': 'alice\n' });
    refusing = createServer({ allowHalfOpen: true }, (socket) => {
      socket.resume().once('end', () => socket.end('Permission denied\n'));
    });
    await once(refusing.listen(at('run/admin.sock')), 'listening');
  });

  afterEach(async () => {
    await new Promise((resolve) => refusing.close(resolve));
    rmSync(root, { recursive: true });
  });

  it.each(['a file', 'no file'])(
    'ends and says what was refused for too long, where the kubelet has made %s for it',
    async (kind) => {
      if (kind === 'a file') writeFileSync(at('message'), '');
      const paths = ['tls', 'access', 'run', 'message'].flatMap((name) => [`--${name}`, at(name)]);
      const preload = `data:text/javascript,${encodeURIComponent(hurriedClock)}`;
      const child = spawn(process.execPath, ['--import', preload, main, ...paths], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
      const refusal = `${at('access/allowed-names.lst')} is tried again: HAProxy refused "prepare acl ${at('access/allowed-names.lst')}": Permission denied`;
      // Another code would make the pod one in trouble.
      expect(code).toBe(0);
      expect(JSON.parse(output.trim().split('\n').at(-1) ?? '')).toMatchObject({
        level: 'error',
        msg: `the agent ends, to be started anew, because this has failed for too long: ${refusal}`,
      });
      if (kind === 'a file') expect(readFileSync(at('message'), 'utf8')).toBe(refusal);
      else expect(() => readFileSync(at('message'))).toThrow(/ENOENT/);
    },
  );
});
