import type { Row } from './table.ts';

/** A row of a cluster that is ready. */
export function row(changes: Partial<Row> = {}): Row {
  return {
    kind: 'StreamBusCluster',
    namespace: 'shop',
    name: 'orders',
    state: 'Running',
    figures: ['3/3'],
    inWords: '3/3 ready',
    children: 5,
    requests: 7,
    lastEvent: 'AllBrokersReady: All 3 brokers are ready.',
    verdict: { kind: 'Ready' },
    ...changes,
  };
}
