import { describe, expect, it } from 'vitest';
import { aCluster, type SpecInput } from '../../a-cluster.fixture.ts';
import { unsupportedFields } from './fields-without-effect.ts';

const tls = { enabled: true, certSecretName: 'tls' };
const unsupported = (spec: SpecInput) => unsupportedFields(aCluster({ spec }).spec);
const authorized = (authorization: object, security: object = { tls: { ...tls, clientAuthRequired: true } }) =>
  unsupported({ security: { ...security, authorization: { enabled: true, ...authorization } } });

const allowed = 'spec.security.authorization.allowedNames';
const denied = 'spec.security.authorization.deniedNames';

describe('the fields of a spec that do nothing', () => {
  it('are none of an empty one', () => {
    expect(unsupported({})).toEqual([]);
  });

  const names = { allowedNames: ['alice'], deniedNames: ['mallory'] };
  const rows: readonly (readonly [string, readonly string[], readonly string[]])[] = [
    ['denied names where nobody may connect but those allowed', authorized(names), [denied]],
    ['the same where that is said', authorized({ ...names, defaultPolicy: 'deny' }), [denied]],
    ['allowed names where everybody may', authorized({ ...names, defaultPolicy: 'allow' }), [allowed]],
    ['both where no proxy looks at names', authorized(names, {}), [allowed, denied]],
    ['none of those that count', authorized({ allowedNames: ['alice'] }), []],
    [
      'certificates of clients where nobody asks for them',
      unsupported({ security: { tls: { enabled: false, clientAuthRequired: true } } }),
      ['spec.security.tls.clientAuthRequired'],
    ],
    [
      'none of these where the proxy does',
      unsupported({ security: { tls: { ...tls, clientAuthRequired: true } } }),
      [],
    ],
    [
      'keys of tokens where nobody asks for tokens',
      unsupported({ security: { tls, authentication: { enabled: true, method: 'mtls', jwtSecretName: 'keys' } } }),
      ['spec.security.authentication.jwtSecretName'],
    ],
    [
      'none of these where SecurityEnforced says that nobody verifies them',
      unsupported({ security: { authentication: { enabled: true, method: 'jwt', jwtSecretName: 'keys' } } }),
      [],
    ],
  ];
  it.each(rows)('are %s', (_which, fields, expected) => {
    expect(fields).toEqual(expected);
  });
});
