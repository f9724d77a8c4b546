import { rule, stringEnum, stringMap, Type, withDefault } from '@capstan/crd';
import { secretName } from './scalars.ts';

const dnsName = { maxLength: 253, pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*$' };

const tls = Type.Object(
  {
    enabled: withDefault(Type.Boolean({ description: 'Serve TLS.' }), true),
    secretName: Type.Optional(
      secretName('Secret of type kubernetes.io/tls with the certificate, or where cert-manager puts it.'),
    ),
    issuerRef: Type.Optional(
      Type.Object(
        {
          name: Type.String({ ...dnsName, minLength: 1, description: 'Name of the issuer.' }),
          kind: withDefault(stringEnum(['Issuer', 'ClusterIssuer'], { description: 'Kind of the issuer.' }), 'Issuer'),
        },
        { description: 'The cert-manager issuer that a Certificate is asked of.' },
      ),
    ),
  },
  {
    description: 'TLS for clients. Most Ingress controllers speak gRPC over TLS only.',
    rules: [
      rule('!self.enabled || has(self.secretName) || has(self.issuerRef)', 'needs secretName or issuerRef', {
        fieldPath: '.secretName',
        reason: 'FieldValueRequired',
      }),
    ],
  },
);

const gateway = Type.Object(
  {
    parentRefs: Type.Array(
      Type.Object(
        {
          name: Type.String({ ...dnsName, minLength: 1, description: 'Name of the Gateway.' }),
          namespace: Type.Optional(
            Type.String({ ...dnsName, maxLength: 63, description: 'Its namespace; the own one unless given.' }),
          ),
          sectionName: Type.Optional(
            Type.String({ ...dnsName, description: 'Its listener; all of them unless given.' }),
          ),
        },
        { description: 'A Gateway.' },
      ),
      { minItems: 1, maxItems: 16, description: 'Gateways that the route is attached to.' },
    ),
  },
  { description: 'A GRPCRoute of the Gateway API. With className or without a Gateway there is an Ingress as well.' },
);

/** How clients outside reach the proxy. */
export const ingress = Type.Object(
  {
    enabled: withDefault(Type.Boolean({ description: 'Let clients from outside reach the proxy.' }), true),
    className: Type.Optional(Type.String({ ...dnsName, minLength: 1, description: 'IngressClass, such as nginx.' })),
    host: Type.Optional(
      Type.String({
        maxLength: 253,
        pattern: '^([*][.])?[a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*$',
        description: 'Host name of the proxy; any unless given.',
      }),
    ),
    annotations: Type.Optional(
      stringMap({ maxProperties: 64, description: 'Annotations of the Ingress, for its controller.' }),
    ),
    tls: Type.Optional(tls),
    exposeAdmin: withDefault(
      Type.Boolean({
        description:
          'Expose prism-admin as well, under admin.<host>. It asks nobody who they are: whoever reaches it may change everything.',
      }),
      false,
    ),
    gateway: Type.Optional(gateway),
  },
  {
    description: 'An Ingress for the proxy, or routes of the Gateway API.',
    rules: [
      rule(
        '!self.enabled || has(self.host) || !has(self.tls) || !self.tls.enabled || !has(self.tls.issuerRef)',
        'is needed for a certificate: cert-manager signs none without a name',
        { fieldPath: '.host', reason: 'FieldValueRequired' },
      ),
      rule(
        "!self.enabled || !self.exposeAdmin || (has(self.host) && !self.host.startsWith('*'))",
        'is needed to expose prism-admin: it gets the name admin.<host>',
        { fieldPath: '.host', reason: 'FieldValueRequired' },
      ),
    ],
  },
);
