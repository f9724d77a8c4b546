/** How catalogs present an operator. */
export interface Presentation {
  readonly title: string;
  /** The folder of its samples in `deploy/samples`. */
  readonly samples: string;
  /** One sentence. */
  readonly summary: string;
  /** Markdown. */
  readonly description: string;
  /** One of those that catalogs know. */
  readonly category: string;
  /** The level of the Operator Framework's model of maturity that all of it reaches. */
  readonly capabilities: 'Basic Install' | 'Seamless Upgrades' | 'Full Lifecycle' | 'Deep Insights' | 'Auto Pilot';
  readonly keywords: readonly string[];
  /** Of its icon. */
  readonly colour: string;
}

const common = `
### What it does to your cluster
It works in every namespace, with three kinds of permission: its own resources, the kinds that it makes of them, and its Lease.
It puts right what others change of what it made, within a second, and asks the API server for nothing while nothing happens.

### Uninstalling
Custom resources and their data stay when the operator goes.
`;

const presentations: Readonly<Record<string, Presentation>> = {
  'streambus-operator': {
    ...{ title: 'StreamBus Operator', samples: 'streambus', colour: '#2f6fde' },
    summary: 'Runs StreamBus clusters: brokers with volumes, roll-outs one broker at a time, TLS, tenants, metrics.',
    description: `Runs StreamBus clusters from one resource each: brokers that agree by raft, their volumes, certificates, tenants and metrics.\n${common}`,
    category: 'Streaming & Messaging',
    capabilities: 'Seamless Upgrades',
    keywords: ['streambus', 'streaming', 'messaging', 'raft'],
  },
  'druid-operator': {
    ...{ title: 'Druid Ingestion Operator', samples: 'druid', colour: '#1f9d8b' },
    summary: 'Runs ingestion into Apache Druid: supervisors, tasks, retention, compaction, lookups.',
    description: `Keeps supervisors and tasks of Apache Druid as resources say: ingestion, retention rules, compaction, lookups, dynamic configuration.\n${common}`,
    category: 'Big Data',
    capabilities: 'Seamless Upgrades',
    keywords: ['druid', 'ingestion', 'kafka', 'analytics'],
  },
  'prism-operator': {
    ...{ title: 'Prism Operator', samples: 'prism', colour: '#7a4fd0' },
    summary: 'Runs Prism: control plane, proxies, pattern runners and their backends, in one cluster or several.',
    description: `Runs whole Prism deployments from one resource each: backing services, prism-admin, proxies and pattern runners; namespaces of teams; federations of several clusters.\n${common}`,
    category: 'Application Runtime',
    capabilities: 'Seamless Upgrades',
    keywords: ['prism', 'data access', 'redis', 'nats', 'kafka'],
  },
};

/**
 * How an operator is presented.
 * @throws {Error} for one that nobody has described
 */
export function presentationOf(name: string): Presentation {
  const found = presentations[name];
  if (found === undefined) throw new Error(`describe ${name} in scripts/deploy/olm/presentations.ts`);
  return found;
}
