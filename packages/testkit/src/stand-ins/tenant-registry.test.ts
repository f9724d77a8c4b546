import { describe, expect, it } from 'vitest';
import { TenantRegistry, tenantRequestOf } from './tenant-registry.ts';

describe('a request about a tenant', () => {
  it('is read without regard to the case of its fields', () => {
    const body = JSON.stringify({ ID: 'a', name: 'A', Quotas: { maxtopics: 3, MaxConnections: -1 } });
    expect(tenantRequestOf(body)).toMatchObject({ id: 'a', name: 'A', quotas: { MaxTopics: 3, MaxConnections: -1 } });
  });

  it('gives 0 to every quota that it leaves out of its quotas', () => {
    const quotas = tenantRequestOf('{"id":"a","name":"A","quotas":{"MaxTopics":3}}').quotas;
    expect(quotas).toMatchObject({ MaxTopics: 3, MaxBytesPerSecond: 0, MaxRetentionHours: 0 });
    expect(Object.keys(quotas ?? {})).toHaveLength(11);
  });

  it.each([
    ['nothing', '', 'not JSON'],
    ['a list', '[]', 'not an object'],
    ['a number for a name', '{"name":1}', 'name is not a string'],
    ['text for a quota', '{"quotas":{"MaxTopics":"3"}}', 'MaxTopics is not an integer'],
    ['a fraction for a quota', '{"quotas":{"MaxTopics":1.5}}', 'MaxTopics is not an integer'],
  ])('is refused with %s', (_, body, message) => {
    expect(() => tenantRequestOf(body)).toThrow(new TypeError(message));
  });
});

describe('the tenants of a broker', () => {
  const acme = { id: 'acme', name: 'Acme', quotas: undefined };

  it('get the quotas of the broker where none are asked for', () => {
    expect(new TenantRegistry().create(acme)?.Quotas).toMatchObject({ MaxTopics: 100, MaxConnections: 1_000 });
  });

  it('keep their name when the new one is empty, and their quotas when there are no new ones', () => {
    const tenants = new TenantRegistry();
    const made = tenants.create(acme);
    expect(tenants.update('acme', { name: '', quotas: undefined })).toMatchObject({
      Name: 'Acme',
      Quotas: made?.Quotas,
    });
    expect(tenants.update('acme', { name: 'Acme & Co', quotas: undefined })).toMatchObject({ Name: 'Acme & Co' });
  });

  it('are made once and removed once', () => {
    const tenants = new TenantRegistry();
    expect([tenants.create(acme)?.ID, tenants.create(acme)]).toEqual(['acme', undefined]);
    expect([tenants.remove('acme'), tenants.remove('acme')]).toEqual([true, false]);
    expect(tenants.update('acme', acme)).toBeUndefined();
    expect(tenants.list()).toEqual([]);
  });
});
