import { DruidIngestion, druidIngestions, druidRivals } from '@capstan/druid-operator';
import {
  PrismCluster,
  PrismFederation,
  PrismNamespace,
  PrismPatterns,
  prismClusters,
  prismFederations,
  prismNamespaces,
  prismPatterns,
  prismRivals,
  prismWebhooks,
} from '@capstan/prism-operator';
import { webhookServiceName } from '@capstan/runtime';
import { StreamBusCluster, streamBusClusters, streamBusRivals } from '@capstan/streambus-operator';
import type { OperatorInstall } from './install-manifests.ts';

const streambus: OperatorInstall = {
  name: streamBusClusters.name,
  namespace: 'streambus-system',
  controllers: [streamBusClusters],
  crds: [StreamBusCluster.manifest()],
  rivals: streamBusRivals,
  memory: {
    request: '96Mi',
    limit: '256Mi',
    measured:
      'Memory, measured with 200 clusters of one broker (bench/results/streambus.json): 98 MB without any, 153 MB at its peak while all are made at once, 118 MB after a restart; half again is left at the top.',
  },
};

const druid: OperatorInstall = {
  name: druidIngestions.name,
  namespace: 'druid-operator-system',
  controllers: [druidIngestions],
  crds: [DruidIngestion.manifest()],
  rivals: druidRivals,
  memory: {
    request: '96Mi',
    limit: '256Mi',
    measured:
      'Memory, measured by hand with 200 Kafka ingestions in the modelled Druid of the testkit: 85 MB without any, 132 MB at the end of making all at once, 134 MB settled, 131 MB after a restart; the limit is twice that.',
  },
};

const prismNamespace = 'prism-system';

const prism: OperatorInstall = {
  name: prismClusters.name,
  namespace: prismNamespace,
  controllers: [prismClusters, prismPatterns, prismNamespaces, prismFederations],
  crds: [
    PrismCluster.manifest(),
    // Where API servers find it is the operator's business; the definition cannot be made without an answer.
    PrismPatterns.manifest({
      service: { namespace: prismNamespace, name: webhookServiceName(prismClusters.name), path: '/convert', port: 443 },
    }),
    PrismNamespace.manifest(),
    PrismFederation.manifest(),
  ],
  webhooks: prismWebhooks,
  rivals: prismRivals,
  memory: {
    request: '128Mi',
    limit: '512Mi',
    measured:
      'Memory, measured with 100 clusters of the sample prism-local (bench/results/prism.json): 118 MB without any, 325 MB at its peak while all are made at once, 202 MB after a restart; half again is left at the top.',
  },
};

/** The operators of this repository, as they are installed. */
export const operatorInstalls = { streambus, druid, prism } as const;
