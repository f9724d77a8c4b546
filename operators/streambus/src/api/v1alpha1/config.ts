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
          maximum: 1_000_000,
          description:
            "Connections one broker accepts. The proxy enforces it where spec.security.tls is enabled; otherwise it does nothing and is listed in condition UnsupportedFields. The broker's own limit is 10000.",
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

/** The port on which the proxy of a secured broker says whether it is ready; nothing else may have it there. */
export const proxyReadyPort = 8404;

/** Rules on the spec: the API server checks a default against the rules beside it before it has filled the default in. */
export const portRules = [
  rule(
    'self.config.port != self.config.httpPort && self.config.port != self.config.grpcPort && self.config.httpPort != self.config.grpcPort',
    'port, httpPort and grpcPort must be three different ports: every broker listens on all of them',
    { fieldPath: '.config' },
  ),
  rule(
    `!(has(self.security) && has(self.security.tls) && self.security.tls.enabled) || !(${proxyReadyPort} in [self.config.port, self.config.httpPort, self.config.grpcPort])`,
    `${proxyReadyPort} is the port of the proxy that spec.security.tls brings: choose another`,
    { fieldPath: '.config' },
  ),
];
