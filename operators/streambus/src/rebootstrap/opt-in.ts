import type { StreamBusCluster } from '../api/v1alpha1/stream-bus-cluster.ts';

/** The annotation by which a user accepts what bootstrapping anew costs; its value is the number of brokers to come. */
export const reBootstrapAnnotation = 'streambus.io/re-bootstrap-to';

/** The size that the user would bootstrap the cluster anew with; `undefined` where the annotation is absent or means nothing. */
export function sizeOptedFor({ metadata, status }: StreamBusCluster): number | undefined {
  const text = metadata.annotations?.[reBootstrapAnnotation] ?? '';
  const size = /^[1-9]\d?$/.test(text) ? Number(text) : undefined;
  const isNews = status?.bootstrapReplicas !== undefined && size !== status.bootstrapReplicas;
  return size !== undefined && size <= 50 && isNews ? size : undefined;
}

/** What bootstrapping anew does and costs, said before anything happens. */
export function offerText(name: string, from: number, to: number): string {
  const gone =
    to < from
      ? ` The messages on ${to === from - 1 ? `broker ${to}` : `brokers ${to} to ${from - 1}`} stay on their volumes, and nobody serves them.`
      : '';
  return (
    `spec.replicas may be set to ${to}. The operator then stops all ${from} brokers (clients wait for about a minute), deletes the raft ` +
    `volumes (claims raft-data-${name}-N) and starts ${to} brokers. Messages, and topics made over the client port, are kept; topics made ` +
    `over the HTTP API are lost: note them now, GET /api/v1/topics.${gone} Remove the annotation ${reBootstrapAnnotation} to forget about it.`
  );
}
