import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { AuditLog, countByVerb } from './audit-log.ts';

const dir = mkdtempSync(join(tmpdir(), 'capstan-audit-'));
afterAll(() => rmSync(dir, { recursive: true }));

function line(
  verb: string,
  resource: string,
  rest: { subresource?: string; user?: string; namespace?: string; stage?: string } = {},
): string {
  const { user = 'operator', namespace = 'ns', stage = 'ResponseComplete', subresource } = rest;
  const objectRef = { resource, namespace, name: 'one', ...(subresource !== undefined && { subresource }) };
  return `${JSON.stringify({ stage, verb, requestURI: '/x', user: { username: user }, objectRef, responseStatus: { code: 200 } })}\n`;
}

describe('the audit log', () => {
  it('shows only what was answered after a position, and leaves a half-written line for later', () => {
    const path = join(dir, 'position.log');
    appendFileSync(path, line('get', 'pods'));
    const audit = new AuditLog(path);
    const start = audit.position();
    const second = line('patch', 'services');
    appendFileSync(path, line('create', 'configmaps') + second.slice(0, 20));
    expect(audit.since(start).map(({ verb }) => verb)).toEqual(['create']);
    appendFileSync(path, second.slice(20));
    expect(audit.since(start).map(({ verb }) => verb)).toEqual(['create', 'patch']);
  });

  it('goes on where it stopped, in the middle of a line too', () => {
    const path = join(dir, 'follow.log');
    const second = line('patch', 'services');
    appendFileSync(path, line('create', 'configmaps') + second.slice(0, 20));
    const audit = new AuditLog(path);
    const first = audit.follow(0);
    appendFileSync(path, second.slice(20));
    const rest = audit.follow(first.position);
    expect([first, rest].map(({ requests }) => requests.map(({ verb }) => verb))).toEqual([['create'], ['patch']]);
    expect(rest.position).toBe(audit.position());
  });

  it.each([
    ['short', 20],
    ['longer than what is read at once', 70_000],
    ['longer still', 200_000],
  ])('loses no line that is half written when its position is asked for: %s', (_, written) => {
    const path = join(dir, `half-written-${written}.log`);
    const first = line('get', 'pods');
    const second = line('patch', 'services', { user: 'x'.repeat(written) });
    appendFileSync(path, first + second.slice(0, written));
    const audit = new AuditLog(path);
    const start = audit.position();
    expect([start, audit.since(start)]).toEqual([first.length, []]);
    appendFileSync(path, second.slice(written));
    expect(audit.since(start).map(({ verb }) => verb)).toEqual(['patch']);
    expect(audit.position()).toBe(first.length + second.length);
  });

  it('begins at 0 where there is no whole line yet', () => {
    const path = join(dir, 'first-line.log');
    const first = line('get', 'pods');
    appendFileSync(path, '');
    const audit = new AuditLog(path);
    expect(audit.position()).toBe(0);
    appendFileSync(path, first.slice(0, 20));
    expect(audit.position()).toBe(0);
  });

  it('counts by verb and resource, for one user and namespace, without the stages before the answer', () => {
    const path = join(dir, 'filter.log');
    appendFileSync(
      path,
      [
        line('patch', 'streambusclusters', { subresource: 'status' }),
        line('patch', 'streambusclusters', { subresource: 'status' }),
        line('patch', 'services', { stage: 'RequestReceived' }),
        line('patch', 'services', { user: 'kubectl' }),
        line('patch', 'services', { namespace: 'other' }),
        line('create', 'events'),
        line('patch', 'services'),
      ].join(''),
    );
    const requests = new AuditLog(path).since(0, {
      user: 'operator',
      namespace: 'ns',
      except: ['events'],
      verbs: ['create', 'patch'],
    });
    expect(countByVerb(requests)).toEqual({ 'patch services': 1, 'patch streambusclusters/status': 2 });
  });
});
