import type { DataSourceVariable, QueryVariable, Variable } from './grafana-dashboard.ts';
import { dataSource } from './query.ts';

const whichPrometheus: DataSourceVariable = {
  type: 'datasource',
  name: 'datasource',
  label: 'Prometheus',
  query: 'prometheus',
  hide: 0,
  multi: false,
  includeAll: false,
};

interface Choice {
  readonly name: string;
  readonly label: string;
  readonly description: string;
  readonly query: string;
  readonly regex?: string;
}

function choice({ name, label, description, query, regex = '' }: Choice): QueryVariable {
  return {
    type: 'query',
    name,
    label,
    description,
    datasource: dataSource,
    definition: query,
    query: { query, refId: name },
    regex,
    refresh: 2,
    sort: 1,
    hide: 0,
    multi: false,
    includeAll: false,
  };
}

/** Every broker has a claim of this name, whatever else is in its namespace, also while its cluster has no pods. */
const raftClaims = 'persistentvolumeclaim=~"raft-data-.+-[0-9]+"';

/** The variables of the dashboards about one cluster. */
export const clusterVariables: readonly Variable[] = [
  whichPrometheus,
  choice({
    name: 'namespace',
    label: 'Namespace',
    description: 'Namespaces that hold claims of StreamBus brokers.',
    query: `label_values(kube_persistentvolumeclaim_info{${raftClaims}}, namespace)`,
  }),
  choice({
    name: 'cluster',
    label: 'Cluster',
    description: 'The name of a StreamBusCluster. A deleted one stays here as long as its claims do.',
    query: `label_values(kube_persistentvolumeclaim_info{namespace="$namespace", ${raftClaims}}, persistentvolumeclaim)`,
    regex: '/^raft-data-(.+)-[0-9]+$/',
  }),
];

/** The variables of the dashboard about the operator. Its series say nothing of single clusters, so there is none to choose. */
export const operatorVariables: readonly Variable[] = [
  whichPrometheus,
  choice({
    name: 'namespace',
    label: 'Namespace',
    description: 'Where the operator runs.',
    query: 'label_values(streambus_operator_reconcile_total, namespace)',
  }),
];
