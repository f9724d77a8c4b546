import { listSet, rule, stringEnum, stringMap, Type, withDefault } from '@capstan/crd';
import { defaultHaproxyImage, defaultHaproxyVersion, haproxyVersions } from '../../proxy/version-features.ts';
import { notEmpty, secretName } from './scalars.ts';

const methods = ['mtls', 'jwt'] as const;

const tls = Type.Object(
  {
    enabled: withDefault(
      Type.Boolean({
        description:
          'Encrypt connections of clients: a HAProxy beside each broker serves the client port, and the broker listens on 127.0.0.1.',
      }),
      false,
    ),
    certSecretName: Type.Optional(
      secretName('Secret of type kubernetes.io/tls with the certificate of the brokers (tls.crt, tls.key).'),
    ),
    caSecretName: Type.Optional(
      secretName(
        'Secret with ca.crt, which certificates of clients are verified against. Unless given, ca.crt of certSecretName is.',
      ),
    ),
    clientAuthRequired: Type.Optional(
      Type.Boolean({ description: 'Refuse clients without a certificate of that CA.' }),
    ),
    secretName: Type.Optional(
      Type.String({
        maxLength: 253,
        pattern: '^([a-z0-9]([-a-z0-9.]*[a-z0-9])?)?$',
        description: 'Older name of certSecretName; read where certSecretName is not given.',
      }),
    ),
  },
  {
    description:
      'Encryption of client connections. Certificates are read again when their Secrets change, without cutting connections.',
    rules: [
      rule(
        "!self.enabled || has(self.certSecretName) || (has(self.secretName) && self.secretName != '')",
        'needs certSecretName when TLS is enabled',
        { fieldPath: '.certSecretName', reason: 'FieldValueRequired' },
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
    secretName: Type.Optional(
      Type.String({ maxLength: 253, description: 'Secret with the user names and passwords.' }),
    ),
  },
  { description: 'Authentication by user name and password. Nobody enforces it: see condition SecurityEnforced.' },
);

const authentication = Type.Object(
  {
    enabled: withDefault(Type.Boolean({ description: 'Ask clients who they are.' }), false),
    method: Type.Optional(
      stringEnum(methods, {
        description:
          'How clients prove who they are. mtls: by a certificate, which spec.security.tls must ask for. jwt: by a token, which nobody verifies yet: see condition SecurityEnforced.',
      }),
    ),
    allowedMethods: Type.Optional(
      listSet(stringEnum(methods), {
        minItems: 1,
        maxItems: 2,
        description:
          'All ways in which clients may prove who they are. With mtls among them every client needs a certificate.',
      }),
    ),
    jwtSecretName: Type.Optional(
      secretName(
        'Secret with the key that tokens are verified with. Nobody reads it yet: see condition SecurityEnforced.',
      ),
    ),
    sasl: Type.Optional(sasl),
  },
  {
    description: 'Authentication of clients.',
    rules: [
      rule(
        '!self.enabled || has(self.method) || has(self.allowedMethods) || has(self.sasl)',
        'needs method when authentication is enabled',
        { fieldPath: '.method', reason: 'FieldValueRequired' },
      ),
    ],
  },
);

/** What a name in a list of clients looks like; nothing of it can end a line or a word of a HAProxy list. */
const clientName = Type.String({
  minLength: 1,
  maxLength: 253,
  pattern: '^[A-Za-z0-9][A-Za-z0-9._@:/=+-]*$',
});

const naming =
  'A name is matched as a whole: it is the common name (CN) of a certificate, or, with proxy version 3.2, an alternative name written DNS:orders.example or URI:spiffe://example/orders.';

const authorization = Type.Object(
  {
    enabled: withDefault(
      Type.Boolean({ description: 'Decide by the name in the certificate of a client whether it may connect.' }),
      false,
    ),
    defaultPolicy: Type.Optional(
      stringEnum(['allow', 'deny'], {
        description: 'What holds for a client that no list names; deny unless given.',
      }),
    ),
    allowedNames: Type.Optional(
      listSet(clientName, {
        maxItems: 1_000,
        description: `Clients that may connect where the policy is deny. ${naming} A change takes effect without a restart.`,
      }),
    ),
    deniedNames: Type.Optional(
      listSet(clientName, {
        maxItems: 1_000,
        description: `Clients that may not connect where the policy is allow. ${naming} A change takes effect without a restart.`,
      }),
    ),
  },
  { description: 'Authorization of clients by name. It needs certificates of clients.' },
);

/** What may be asked for and nobody enforces, each by the word that accepts living without it. */
export const unenforceable = [
  'jwt',
  'sasl',
  'authorization',
  'auditLog',
  'auditLogDetail',
  'alternativeNames',
  'networkFence',
  'security',
] as const;

/** One of the things a cluster may ask for and not get. */
export type Unenforceable = (typeof unenforceable)[number];

const proxy = withDefault(
  Type.Object(
    {
      image: withDefault(
        Type.String({
          minLength: 1,
          maxLength: 512,
          description: 'HAProxy image of the version below. A change rolls the brokers.',
        }),
        defaultHaproxyImage,
      ),
      version: withDefault(
        stringEnum(haproxyVersions, {
          description:
            'HAProxy version of the image, which decides what it can enforce: bandwidth limits from 2.8 on, alternative names of certificates from 3.2 on.',
        }),
        defaultHaproxyVersion,
      ),
    },
    { description: 'The HAProxy beside each broker; there is one while spec.security.tls is enabled.' },
  ),
  {},
);

const networkPolicy = Type.Object(
  {
    enabled: Type.Optional(
      Type.Boolean({
        description:
          'Fence the brokers by a NetworkPolicy: raft for each other only, the administration API for the operator and adminFrom. On while security is asked for, unless false is given.',
      }),
    ),
    adminFrom: Type.Optional(
      Type.Array(
        Type.Object(
          {
            namespaceLabels: Type.Optional(
              stringMap({ maxProperties: 16, rules: [notEmpty], description: 'Labels of the namespace.' }),
            ),
            podLabels: Type.Optional(
              stringMap({ maxProperties: 16, rules: [notEmpty], description: 'Labels of the pod.' }),
            ),
          },
          {
            description: 'Pods, by labels of their namespace (the own one unless given) and of themselves.',
            rules: [rule('has(self.namespaceLabels) || has(self.podLabels)', 'needs namespaceLabels or podLabels')],
          },
        ),
        {
          maxItems: 32,
          description:
            'Besides the operator, who may reach the HTTP port: Prometheus, above all. The administration API behind it asks nobody who they are.',
        },
      ),
    ),
  },
  { description: 'What keeps strangers from the ports that cannot be protected otherwise.' },
);

/** Protection of client connections. */
export const security = Type.Optional(
  Type.Object(
    {
      enabled: withDefault(
        Type.Boolean({
          description:
            'Ask for security as a whole; each part has a switch of its own, and this one alone asks for nothing that can be enforced.',
        }),
        false,
      ),
      tls: Type.Optional(tls),
      authentication: Type.Optional(authentication),
      authorization: Type.Optional(authorization),
      acceptUnenforced: Type.Optional(
        listSet(stringEnum(unenforceable), {
          maxItems: unenforceable.length,
          description:
            'What the cluster may be Ready without although it asks for it: the words that condition SecurityEnforced lists. Unless all of them are here, Ready is withheld.',
        }),
      ),
      proxy,
      networkPolicy: Type.Optional(networkPolicy),
    },
    {
      description:
        'Security of client connections. The broker has none: a HAProxy in its pod enforces TLS, client certificates, names and limits. What nobody can enforce is listed in condition SecurityEnforced, and Ready is withheld for it.',
      rules: [
        rule(
          "!(has(self.authentication) && self.authentication.enabled && ((has(self.authentication.method) && self.authentication.method == 'mtls') || (has(self.authentication.allowedMethods) && 'mtls' in self.authentication.allowedMethods))) || (has(self.tls) && self.tls.enabled)",
          'needs enabled: true, certSecretName and a CA, because authentication by mtls is asked for',
          { fieldPath: '.tls', reason: 'FieldValueRequired' },
        ),
      ],
    },
  ),
);
