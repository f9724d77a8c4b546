import { listSet, rule, stringEnum, Type, withDefault } from '@capstan/crd';
import { secretName } from './scalars.ts';
import type { StreamBusClusterSpec } from './stream-bus-cluster.ts';

const methods = ['mtls', 'jwt'] as const;

const tls = Type.Object(
  {
    enabled: withDefault(Type.Boolean({ description: 'Encrypt connections of clients.' }), false),
    certSecretName: Type.Optional(secretName('Secret of type kubernetes.io/tls with the certificate of the brokers.')),
    caSecretName: Type.Optional(secretName('Secret with ca.crt, which certificates of clients are verified against.')),
    clientAuthRequired: Type.Optional(
      Type.Boolean({ description: 'Refuse clients without a certificate of that CA.' }),
    ),
    secretName: Type.Optional(secretName('Older name of certSecretName; read where certSecretName is not given.')),
  },
  {
    description: 'Encryption of client connections. Not enforced: see condition SecurityEnforced.',
    rules: [
      rule(
        '!self.enabled || has(self.certSecretName) || has(self.secretName)',
        'needs certSecretName when TLS is enabled',
        {
          fieldPath: '.certSecretName',
          reason: 'FieldValueRequired',
        },
      ),
    ],
  },
);

const sasl = Type.Object(
  {
    mechanism: withDefault(
      stringEnum(['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'], { description: 'SASL mechanism.' }),
      'SCRAM-SHA-256',
    ),
    secretName: Type.Optional(secretName('Secret with the user names and passwords.')),
  },
  { description: 'Authentication by user name and password. Not enforced: see condition SecurityEnforced.' },
);

const authentication = Type.Object(
  {
    enabled: withDefault(Type.Boolean({ description: 'Ask clients who they are.' }), false),
    method: Type.Optional(
      stringEnum(methods, { description: 'How clients prove who they are, unless they choose another allowed way.' }),
    ),
    allowedMethods: Type.Optional(
      listSet(stringEnum(methods), { maxItems: 2, description: 'All ways in which clients may prove who they are.' }),
    ),
    jwtSecretName: Type.Optional(secretName('Secret with the key that tokens are verified with.')),
    sasl: Type.Optional(sasl),
  },
  { description: 'Authentication of clients. Not enforced: see condition SecurityEnforced.' },
);

const authorization = Type.Object(
  {
    enabled: withDefault(Type.Boolean({ description: 'Decide per client what it may do.' }), false),
    defaultPolicy: Type.Optional(
      stringEnum(['allow', 'deny'], { description: 'What holds for a client that no rule names.' }),
    ),
  },
  { description: 'Authorization of clients. Not enforced: see condition SecurityEnforced.' },
);

/** Protection of client connections. */
export const security = Type.Optional(
  Type.Object(
    {
      enabled: withDefault(
        Type.Boolean({ description: 'Ask for security as a whole; each part has a switch of its own.' }),
        false,
      ),
      tls: Type.Optional(tls),
      authentication: Type.Optional(authentication),
      authorization: Type.Optional(authorization),
    },
    {
      description:
        "Security of client connections. Today's broker enforces none of it: a cluster that asks for any has condition SecurityEnforced=False and never becomes Ready.",
    },
  ),
);

/** The switches of `spec.security` that are on: what the cluster is asked to enforce. */
export function securityAsked({ security }: StreamBusClusterSpec): readonly string[] {
  if (security === undefined) return [];
  const switches = {
    'spec.security.enabled': security.enabled,
    'spec.security.tls': security.tls?.enabled,
    'spec.security.authentication': security.authentication?.enabled,
    'spec.security.authorization': security.authorization?.enabled,
  };
  return Object.entries(switches).flatMap(([path, isOn]) => (isOn === true ? [path] : []));
}
