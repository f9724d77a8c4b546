import { operatorInstalls } from '../operator-installs.ts';
import type { OperatorChart } from './operator-chart.ts';
import { schemas } from './values/value.ts';

/** The chart of the Prism operator. */
export const prismChart: OperatorChart = {
  install: operatorInstalls.prism,
  description: 'The operator of Prism clusters, their patterns, namespaces and federations',
  keywords: ['prism', 'operator', 'data access'],
  values: {
    webhooks: {
      about: 'API servers call the operator to convert the versions of PrismPattern.',
      values: {
        enabled: {
          about:
            'Whether it is called. One release in a cluster is: a second one, in another namespace, sets this and crds.install to false.',
          default: true,
          schema: schemas.boolean,
        },
        url: {
          about:
            'Where API servers call it if they cannot reach its Service, such as https://10.0.0.7:9443; its Service unless told.',
          default: '',
          schema: { type: 'string', pattern: '^(https://[^/?#]+)?$' },
        },
        certificates: {
          about:
            'self: the operator makes, renews and rotates them. cert-manager: a Certificate does, and its CA injector tells API servers whom to trust.',
          default: 'self',
          schema: schemas.oneOf('self', 'cert-manager'),
        },
        issuerRef: {
          about: 'The issuer that signs them, as {kind, name}, with cert-manager; an Issuer of its own unless told.',
          default: {},
          schema: {
            type: 'object',
            additionalProperties: false,
            properties: { kind: schemas.text, name: schemas.text, group: schemas.text },
          },
        },
      },
    },
  },
  remarks: [
    'With `networkPolicy.enabled`, what federations knock at must be let out by `networkPolicy.extraEgress`: members of a federation, and their ports, are wherever you run them. Their API servers are let out by `networkPolicy.apiServer`.',
  ],
};
