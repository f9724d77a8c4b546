import { rule, stringEnum, Type, withDefault } from '@capstan/crd';
import { port } from './scalars.ts';

const noEffect = "No effect on today's broker: listed in condition UnsupportedFields.";

export const logLevels = ['debug', 'info', 'warn', 'error'] as const;

/** What the brokers read at start. */
export const config = withDefault(
  Type.Object(
    {
      logLevel: withDefault(
        stringEnum(logLevels, {
          description:
            'Log level of the brokers; observability.logging.level goes before it. A change rolls the brokers.',
        }),
        'info',
      ),
      port: withDefault(port('Port for clients, on every broker and on the client Service.'), 9092),
      httpPort: withDefault(
        port(
          'Port of the health endpoint and of the administration API, which asks for no credentials. Not on the client Service.',
        ),
        8081,
      ),
      grpcPort: withDefault(
        port(
          'Port for raft between the brokers; the broker serves no gRPC. Fixed once a cluster of several brokers has started.',
        ),
        9093,
      ),
      maxConnections: Type.Optional(
        Type.Integer({
          minimum: 1,
          description: `Connections one broker accepts. ${noEffect} The broker's own limit is 10000.`,
        }),
      ),
      maxMessageSize: Type.Optional(
        Type.Integer({
          minimum: 1,
          description: `Largest message in bytes. ${noEffect} The broker's own limit is 10 MB.`,
        }),
      ),
      compressionEnabled: Type.Optional(Type.Boolean({ description: `Compress stored messages. ${noEffect}` })),
    },
    { description: 'Configuration of the brokers.' },
  ),
  {},
);

/** A rule on the spec: the API server checks a default against the rules beside it before it has filled the default in. */
export const portsMustDiffer = rule(
  'self.config.port != self.config.httpPort && self.config.port != self.config.grpcPort && self.config.httpPort != self.config.grpcPort',
  'port, httpPort and grpcPort must be three different ports: every broker listens on all of them',
  { fieldPath: '.config' },
);
