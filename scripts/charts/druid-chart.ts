import { operatorInstalls } from '../operator-installs.ts';
import type { OperatorChart } from './operator-chart.ts';
import { schemas } from './values/value.ts';

/** The chart of the Druid operator. */
export const druidChart: OperatorChart = {
  install: operatorInstalls.druid,
  description: 'The operator of ingestion into Apache Druid',
  keywords: ['druid', 'operator', 'ingestion'],
  values: {
    allow: {
      about: 'What resources may say although it makes Druid, or the operator, call other hosts or run code.',
      values: {
        endpoints: {
          about: 'Hosts that spec.endpoint.url may name, such as *.druid.example.',
          default: [],
          schema: schemas.texts,
        },
        addresses: {
          about: 'Ranges of addresses that are called although they are loopback or link-local.',
          default: [],
          schema: schemas.texts,
        },
        inputSources: {
          about: 'Input sources that call other hosts, such as http.',
          default: [],
          schema: schemas.texts,
        },
        lookups: { about: 'Types of lookups that call other hosts, such as jdbc.', default: [], schema: schemas.texts },
        consumerProperties: {
          about: 'Kafka consumer properties besides the harmless ones.',
          default: [],
          schema: schemas.texts,
        },
        javascript: { about: 'JavaScript in specs.', default: false, schema: schemas.boolean },
      },
    },
    deny: {
      about: 'What is never called, whatever a resource says.',
      values: {
        addresses: {
          about: 'Ranges of addresses, such as those of the nodes.',
          default: [],
          schema: schemas.texts,
        },
      },
    },
  },
  networkPolicyValues: {
    druid: {
      about: 'Where routers and overlords of Druid are.',
      values: {
        ports: {
          about:
            'Their ports, those that Druid comes with unless told: of routers, coordinators and overlords, plain and by TLS.',
          default: [8081, 8090, 8281, 8290, 8888, 9088],
          schema: schemas.listed(schemas.count(1, 65535)),
        },
        to: { about: 'Peers of a NetworkPolicy; empty: everywhere.', default: [], schema: schemas.objects },
      },
    },
  },
  remarks: [],
};
