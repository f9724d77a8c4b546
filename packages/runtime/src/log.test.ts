import { spawnSync } from 'node:child_process';
import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ApiError } from '@capstan/kube';
import { describe, expect, it } from 'vitest';
import { createLogger, type LogLevel } from './log.ts';

function aLog(level: LogLevel = 'info') {
  const lines: string[] = [];
  const log = createLogger({
    level,
    now: () => Date.parse('2026-01-01T00:00:00Z'),
    destination: { write: (line) => void lines.push(line) },
  });
  return { log, lines, last: () => JSON.parse(lines.at(-1) ?? 'null') };
}

describe('a log line', () => {
  it('starts with level and time, and names controller, object and pass', () => {
    const { log, lines } = aLog();
    log
      .child({ controller: 'streambus' })
      .child({ namespace: 'prod', name: 'orders', reconcile_id: 'r1' })
      .info({ writes: 2 }, 'reconciled');
    expect(lines).toEqual([
      '{"level":"info","ts":"2026-01-01T00:00:00.000Z","controller":"streambus","namespace":"prod","name":"orders","reconcile_id":"r1","writes":2,"msg":"reconciled"}\n',
    ]);
  });

  it('says of an error what it is, what it says and why, and nothing else it carries', () => {
    const { log, last } = aLog();
    const cause = Object.assign(new Error('below'), {
      code: 'ECONNRESET',
      headers: { authorization: 'Bearer s3cr3t-s3cr3t' },
    });
    const error = new ApiError({ status: 409, reason: 'Conflict', message: 'stale' });
    log.error({ err: Object.assign(error, { cause, body: 's3cr3t' }) }, 'pass failed');
    expect(last().err).toEqual({
      type: 'ApiError',
      message: 'stale',
      status: 409,
      reason: 'Conflict',
      stack: expect.stringContaining('log.test.ts'),
      cause: { type: 'Error', message: 'below', code: 'ECONNRESET' },
    });
  });
});

describe('the level of a log', () => {
  it('holds back what is below it', () => {
    const { log, lines } = aLog('warn');
    log.debug('no');
    log.info('no');
    log.warn('yes');
    log.error('yes');
    expect(lines).toHaveLength(2);
  });

  it('can be changed while it runs, for children that exist as well', () => {
    const { log, lines } = aLog('info');
    const child = log.child({ controller: 'streambus' });
    const grandchild = child.child({ name: 'orders' });
    log.setLevel('debug');
    grandchild.debug('yes');
    log.setLevel('error');
    child.info('no');
    grandchild.warn('no');
    expect(lines.map((line) => JSON.parse(line).msg)).toEqual(['yes']);
  });
});

describe('the guard against secrets', () => {
  it.each([
    { says: 'a token by its name', fields: { token: 's3cr3t' } },
    { says: 'a password by its name', fields: { config: { adminPassword: 's3cr3t' } } },
    { says: 'a header', fields: { headers: { Authorization: 's3cr3t' } } },
    { says: 'a bearer credential in a text', fields: { text: 'sent Bearer s3cr3t-s3cr3t' } },
    { says: 'a JSON web token', fields: { text: 'got eyJhbGciOi.s3cr3t.s3cr3t back' } },
    { says: 'a private key', fields: { pem: '-----BEGIN EC PRIVATE KEY-----\ns3cr3t\n-----END EC PRIVATE KEY-----' } },
    { says: 'a password in a URL', fields: { url: 'https://me:s3cr3t@proxy:3128/' } },
    {
      says: 'the data of a Secret',
      fields: {
        object: { kind: 'Secret', metadata: { name: 'a' }, data: { key: 's3cr3t' }, stringData: { k: 's3cr3t' } },
      },
    },
    { says: 'secrets in a list', fields: { list: [{ token: 's3cr3t' }] } },
  ])('masks $says', ({ fields }) => {
    const { log, lines } = aLog();
    log.info(fields, 'look');
    log.child(fields).info('look');
    expect(lines.join('')).not.toContain('s3cr3t');
    expect(lines.join('').match(/\[redacted\]/g)?.length).toBeGreaterThanOrEqual(2);
  });

  it('masks a secret in the message and in the message of an error', () => {
    const { log, lines } = aLog();
    log.info('sent Bearer s3cr3t-s3cr3t');
    log.error({ err: new Error('sent Bearer s3cr3t-s3cr3t') }, 'failed');
    log.error(new Error('sent Bearer s3cr3t-s3cr3t'));
    expect(lines.join('')).not.toContain('s3cr3t');
  });

  it('leaves alone what only names a secret, and what is none', () => {
    const { log, last } = aLog();
    const fields = {
      secretName: 'tls',
      tokenFile: '/var/run/token',
      data: { key: 'v' },
      list: [1, 'a', null],
      count: 3,
      none: null,
    };
    log.info(fields, 'look');
    expect(last()).toMatchObject(fields);
  });

  it('masks a password in a URL, and leaves a line whole in which an address and an @ stand apart', () => {
    const { log, last } = aLog();
    log.info({ url: 'http://127.0.0.1:8080', from: 'a@b' }, 'postgres://me:s3cr3t@db');
    expect(last()).toMatchObject({
      url: 'http://127.0.0.1:8080',
      from: 'a@b',
      msg: 'postgres://me:[redacted]@db',
    });
  });

  it('ends with a cycle', () => {
    const { log, last } = aLog();
    const cycle: Record<string, unknown> = {};
    cycle['self'] = cycle;
    log.info({ cycle }, 'look');
    expect(JSON.stringify(last())).toContain('[too deep]');
  });
});

describe('standard output', () => {
  it('has every line, in the order of what happened, also of a process that ends at once', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'capstan-log-'));
    try {
      const file = await open(join(directory, 'log'), 'w+');
      const program = fileURLToPath(new URL('log-and-end.fixture.ts', import.meta.url));
      const { status } = spawnSync(process.execPath, [program], { stdio: ['ignore', file.fd, 'ignore'] });
      await file.close();
      const lines = (await readFile(join(directory, 'log'), 'utf8')).trimEnd().split('\n');
      const told = lines.map((line) => JSON.parse(line)).map(({ line, msg }) => line ?? msg);
      expect(told).toEqual([...Array.from({ length: 100 }, (_, line) => line), 'stopped', 'last words']);
      expect(status).toBe(1);
    } finally {
      await rm(directory, { recursive: true });
    }
  });
});
