import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DruidIngestion } from '../api/v1alpha1/druid-ingestion.ts';
import { claimsOf } from '../claims.ts';
import { configMapsNamedBy, secretsNamedBy } from './named-secrets.ts';

/** A resource as somebody may have stored it under an older definition. */
const stored = (spec: unknown, status?: unknown) =>
  ({ metadata: { name: 'a', namespace: 'shop' }, spec, status }) as DruidIngestion;

describe('the objects that an ingestion names', () => {
  it('are its credentials, its CA, the references in its spec in either form, and in what was sent', () => {
    const resource = stored(
      {
        auth: { secretRef: { name: 'users' } },
        endpoint: { caSecretRef: { name: 'ca' } },
        ingestion: { spec: `{"a": "\${secret:kafka/p}"}`, nativeSpec: { b: [`\${secret:tls/k}`] } },
      },
      { 'currentIngestionSpec.json': `{"a": "\${secret:former/p}"}` },
    );
    expect(secretsNamedBy(resource).map(({ name }) => name)).toEqual(['users', 'ca', 'kafka', 'tls', 'former']);
  });

  it('are the ConfigMap that its spec is taken from', () => {
    const resource = stored({ ingestion: { specFrom: { configMapKeyRef: { name: 'specs', key: 'a' } } } });
    expect(configMapsNamedBy(resource)).toEqual([{ name: 'specs' }]);
  });

  it('are none of what is no name', () => {
    expect(secretsNamedBy(stored({ auth: { secretRef: { name: '../other' } } }))).toEqual([]);
  });

  it('can be told of anything that may be stored', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (spec, status) => {
        const resource = stored(spec, status);
        const found = [secretsNamedBy(resource), configMapsNamedBy(resource), claimsOf(resource)];
        expect(found.every(Array.isArray)).toBe(true);
      }),
    );
  });
});
