import {
  type Controller,
  leaseElectionRules,
  type Rival,
  rivalRules,
  type Webhook,
  webhookRules,
  webhookServiceName,
} from '@capstan/runtime';
import { existingDruid, type FormerOperator, originalPrism, originalStreamBus } from './former-operator.ts';
import {
  type Installation,
  type InstalledKind,
  type OperatorName,
  operatorNames,
  type WantedDefinition,
} from './installation.ts';

/** What the operators that come along would install; each is loaded only when it is asked for. */
export async function installations(names: readonly OperatorName[] = operatorNames): Promise<readonly Installation[]> {
  return Promise.all(operatorNames.filter((name) => names.includes(name)).map((name) => makers[name]()));
}

const makers: Readonly<Record<OperatorName, () => Promise<Installation>>> = {
  streambus: async () => {
    const { StreamBusCluster, streamBusClusters, streamBusRivals } = await import('@capstan/streambus-operator');
    return installation({
      ...{ name: 'streambus', namespace: 'streambus-system', former: originalStreamBus, rivals: streamBusRivals },
      kinds: [{ versions: [StreamBusCluster], controller: streamBusClusters }],
      definitions: [StreamBusCluster.manifest()],
    });
  },
  druid: async () => {
    const { DruidIngestion, druidIngestions, druidRivals } = await import('@capstan/druid-operator');
    return installation({
      ...{ name: 'druid', namespace: 'druid-operator-system', former: existingDruid, rivals: druidRivals },
      kinds: [{ versions: [DruidIngestion], controller: druidIngestions }],
      definitions: [DruidIngestion.manifest()],
    });
  },
  prism: prismInstallation,
};

async function prismInstallation(): Promise<Installation> {
  const prism = await import('@capstan/prism-operator');
  const { PrismCluster, PrismPattern, PrismPatterns, PrismNamespace, PrismFederation } = prism;
  const namespace = 'prism-system';
  const service = { namespace, name: webhookServiceName(prism.prismClusters.name), path: '/convert', port: 443 };
  const former = PrismPatterns.versions.filter(({ version }) => version !== PrismPattern.version);
  return installation({
    ...{ name: 'prism', namespace, former: originalPrism, rivals: prism.prismRivals, webhooks: prism.prismWebhooks },
    kinds: [
      { versions: [PrismCluster], controller: prism.prismClusters },
      { versions: [PrismPattern, ...former], controller: prism.prismPatterns },
      { versions: [PrismNamespace], controller: prism.prismNamespaces },
      { versions: [PrismFederation], controller: prism.prismFederations },
    ],
    definitions: [
      PrismCluster.manifest(),
      PrismPatterns.manifest({ service }),
      PrismNamespace.manifest(),
      PrismFederation.manifest(),
    ],
  });
}

interface Parts {
  readonly name: OperatorName;
  readonly namespace: string;
  readonly kinds: readonly [InstalledKind, ...InstalledKind[]];
  readonly definitions: readonly WantedDefinition[];
  readonly former: FormerOperator;
  readonly rivals: readonly Rival[];
  readonly webhooks?: readonly Webhook[];
}

function installation({ webhooks = [], ...parts }: Parts): Installation {
  const operator = parts.kinds[0].controller.name;
  const { cluster, own } = webhookRules(operator, webhooks);
  return {
    ...parts,
    ...{ operator, webhooks },
    clusterRules: [...cluster, ...rivalRules(parts.rivals)],
    ownRules: [...leaseElectionRules(operator), ...own],
  };
}

/** The controllers of an installation. */
export function controllersOf({ kinds }: Pick<Installation, 'kinds'>): readonly Controller[] {
  return kinds.map(({ controller }) => controller);
}
