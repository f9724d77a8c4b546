import type { Secret } from '@capstan/kube';
import { describe, expect, it } from 'vitest';
import type { PrismFederation } from '../api/v1alpha3/prism-federation.ts';
import { aFederation } from './a-federation.fixture.ts';
import { MemberAccess } from './members.ts';

const endpoint = 'https://east.example:6443';

const federation = (more: object = {}) =>
  aFederation({ clusters: [{ name: 'east', endpoint, credentialsSecret: { name: 'east' }, ...more }] });

/** A pass whose cache and API server have one Secret, and how often it was read. */
function aPass(version: string, values: Readonly<Record<string, string>>) {
  const reads: string[] = [];
  const data = Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, Buffer.from(value).toString('base64')]),
  );
  const metadata = { namespace: 'shop', name: 'east', resourceVersion: version };
  const secret: Secret = { apiVersion: 'v1', kind: 'Secret', metadata, data };
  const pass = {
    cache: { get: () => secret },
    read: (_: unknown, { name }: { readonly name: string }) => {
      reads.push(name);
      return Promise.resolve(secret);
    },
  };
  return { reads, pass: pass as never }; // these two are all that is asked of a pass here
}

const login = { token: 'a-token', server: endpoint };

async function targetOf(access: MemberAccess, of: PrismFederation, { pass }: ReturnType<typeof aPass>) {
  const [found] = await access.find(of, pass);
  if (found === undefined) throw new Error('there is one cluster');
  return found.target;
}

describe('a cluster of a federation', () => {
  it.each([
    { has: 'no Secret', more: { credentialsSecret: undefined } },
    { has: 'a Secret', more: {} },
    { has: 'an address of its proxies', more: { proxy: { address: 'proxy.example', port: 8980 } } },
  ])('is found where it has $has', async ({ more }) => {
    const target = await targetOf(new MemberAccess({}), federation(more), aPass('1', login));
    expect(target).toMatchObject({ name: 'east', fingerprint: expect.any(String), place: expect.any(String) });
  });

  it('keeps its session when its Secret is touched where no connection is made of it', async () => {
    const access = new MemberAccess({});
    const before = await targetOf(access, federation(), aPass('1', login));
    const touched = aPass('2', { ...login, note: 'rotated by nobody' });
    const after = await targetOf(access, federation(), touched);
    expect(touched.reads).toEqual(['east']);
    expect(after.fingerprint).toBe(before.fingerprint);
  });

  it.each([
    { changes: 'the token', values: { ...login, token: 'another' }, more: {}, isThere: true },
    {
      changes: 'the place of its PrismCluster',
      values: login,
      more: { prismCluster: { name: 'other' } },
      isThere: false,
    },
  ])('gets another session when $changes changes', async ({ values, more, isThere }) => {
    const access = new MemberAccess({});
    const before = await targetOf(access, federation(), aPass('1', login));
    const after = await targetOf(access, federation(more), aPass('2', values));
    expect(after.fingerprint).not.toBe(before.fingerprint);
    // What was observed there stays known while only the way in is another.
    expect(after.place === before.place).toBe(isThere);
  });

  it('has its Secret read once for each version', async () => {
    const access = new MemberAccess({});
    const pass = aPass('1', login);
    for (let time = 0; time < 3; time += 1) await targetOf(access, federation(), pass);
    expect(pass.reads).toEqual(['east']);
  });
});
