import { X509Certificate } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { lifetimes, renewal } from './renewal.ts';
import { isFor, isSignedBy, materialIn, type ServingMaterial, secretData } from './serving-material.ts';

const day = 24 * 60 * 60 * 1_000;
const start = Date.parse('2026-03-01T00:00:00Z');
const hosts = ['cache-operator-webhook.prod.svc', '127.0.0.1'];
const at = (now: number) => ({ name: 'cache-operator', hosts, now });
const certificate = (pem: string) => new X509Certificate(pem);

/** What is held at a time, when at every hour until then somebody looked. */
async function kept(from: ServingMaterial, since: number, until: number): Promise<ServingMaterial> {
  let held = from;
  for (let now = since; now <= until; now += day / 24) held = (await renewal(held, at(now))) ?? held;
  return held;
}

async function made(now: number, trusted: readonly string[] = []): Promise<ServingMaterial> {
  const material = await renewal({ trusted }, at(now));
  if (material === undefined) throw new Error('nothing was made');
  return material;
}

let first: ServingMaterial;
beforeAll(async () => {
  first = await made(start);
});

describe('the first certificates', () => {
  it('are an authority for a year and a leaf for a week, for every host', () => {
    const [authority, leaf] = [certificate(first.authority.certificate), certificate(first.leaf.certificate)];
    expect(authority.validToDate.getTime()).toBe(start + 365 * day);
    expect(leaf.validToDate.getTime()).toBe(start + 7 * day);
    expect(isFor(leaf, hosts)).toBe(true);
    expect(isFor(leaf, ['other.prod.svc'])).toBe(false);
    expect(isSignedBy(leaf, first.authority.certificate)).toBe(true);
    expect(first.trusted).toEqual([first.authority.certificate]);
  });

  it('come out of the Secret as they went in', () => {
    expect(materialIn({ data: secretData(first) })).toEqual(first);
  });
});

describe('renewal', () => {
  it.each<[when: string, days: number]>([
    ['at once', 0],
    ['just before two thirds of a week', 4.6],
  ])('changes nothing %s', async (_when, days) => {
    expect(await renewal(first, at(start + days * day))).toBeUndefined();
  });

  it.each<[when: string, days: number]>([
    ['after two thirds of a week', 4.7],
    ['when the leaf has expired, because the process slept for a month', 30],
  ])('makes a new leaf under the same authority %s', async (_when, days) => {
    const next = await renewal(first, at(start + days * day));
    expect(next?.authority).toEqual(first.authority);
    expect(next?.trusted).toEqual(first.trusted);
    expect(next?.leaf.certificate).not.toBe(first.leaf.certificate);
    expect(certificate(next?.leaf.certificate ?? '').validToDate.getTime()).toBe(start + days * day + lifetimes.leaf);
  });

  it.each<[when: string, days: number]>([
    ['after two thirds of a year', 250],
    ['when it has expired', 400],
  ])('makes a new authority and a leaf under it %s', async (_when, days) => {
    const next = await renewal(first, at(start + days * day));
    expect(next?.authority).not.toEqual(first.authority);
    expect(isSignedBy(certificate(next?.leaf.certificate ?? ''), next?.authority.certificate ?? '')).toBe(true);
    const isOldTrusted = next?.trusted.includes(first.authority.certificate);
    expect(isOldTrusted).toBe(days < 365);
  });

  it('trusts the old authority until a leaf under the new one has been replaced, so that no replica is disbelieved', async () => {
    const before = await kept(first, start, start + 240 * day);
    const rotated = (await renewal(before, at(start + 245 * day))) ?? before;
    expect(rotated.trusted).toEqual([rotated.authority.certificate, first.authority.certificate]);
    expect((await kept(rotated, start + 245 * day, start + 249 * day)).trusted).toEqual(rotated.trusted);
    expect((await kept(rotated, start + 245 * day, start + 250 * day)).trusted).toEqual([
      rotated.authority.certificate,
    ]);
  });

  it('never serves a leaf that is not trusted or not valid, for two years of looking each hour', async () => {
    let held = first;
    const trustedBefore: string[] = [];
    for (let now = start; now < start + 730 * day; now += day / 4) {
      const next = await renewal(held, at(now));
      if (next !== undefined) trustedBefore.splice(0, trustedBefore.length, ...held.trusted);
      held = next ?? held;
      const leaf = certificate(held.leaf.certificate);
      expect(held.trusted.some((authority) => isSignedBy(leaf, authority))).toBe(true);
      expect(leaf.validToDate.getTime()).toBeGreaterThan(now);
      // Another replica may still serve the leaf before this one: somebody who signed it is trusted still.
      expect(trustedBefore.length === 0 || held.trusted.some((authority) => trustedBefore.includes(authority))).toBe(
        true,
      );
      expect(held.trusted.length).toBeLessThanOrEqual(2);
    }
  });

  it('makes a new leaf when API servers call by another name', async () => {
    const next = await renewal(first, { ...at(start), hosts: ['renamed.prod.svc'] });
    expect(next?.authority).toEqual(first.authority);
    expect(isFor(certificate(next?.leaf.certificate ?? ''), ['renamed.prod.svc'])).toBe(true);
  });

  it('makes everything anew where all was lost, and goes on trusting what API servers trusted', async () => {
    const next = await made(start + day, first.trusted);
    expect(next.trusted).toEqual([next.authority.certificate, first.authority.certificate]);
  });

  it('replaces what a clock that ran ahead has made', async () => {
    const ahead = await made(start + 30 * day);
    const next = await renewal(ahead, at(start));
    expect(certificate(next?.leaf.certificate ?? '').validFromDate.getTime()).toBeLessThan(start);
  });
});

describe('a Secret that is not ours any more', () => {
  it.each<[what: string, change: Record<string, string | undefined>]>([
    ['has lost its authority', { 'ca.crt': undefined }],
    ['has another key for its authority', { 'ca.key': 'tls.key' }],
    ['has another key for its leaf', { 'tls.key': 'ca.key' }],
    ['has no certificate where one should be', { 'tls.crt': 'ca.key' }],
    ['is empty', { 'ca.crt': undefined, 'ca.key': undefined, 'tls.crt': undefined, 'tls.key': undefined }],
  ])('counts as none: it %s', (_what, change) => {
    const data = secretData(first);
    const changed = Object.entries({ ...data, ...change }).flatMap(([key, from]) =>
      from === undefined ? [] : [[key, data[from] ?? from] as const],
    );
    expect(materialIn({ data: Object.fromEntries(changed) })).toBeUndefined();
  });

  it('counts as none when its text is cut off', () => {
    const data = Object.fromEntries(Object.entries(secretData(first)).map(([key, text]) => [key, text.slice(0, 40)]));
    expect(materialIn({ data })).toBeUndefined();
  });
});
