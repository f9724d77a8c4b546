/** Which broker a request is for. */
export interface BrokerTarget {
  readonly namespace: string;
  /** The name of the StreamBusCluster. */
  readonly cluster: string;
  /** Of the pod, from 0. */
  readonly ordinal: number;
}

/** `<cluster>-<ordinal>.<cluster>-headless.<namespace>.svc`, with or without the DNS domain of the Kubernetes cluster. */
const brokerHost =
  /^(?<cluster>[a-z0-9-]+)-(?<ordinal>\d+)\.\k<cluster>-headless\.(?<namespace>[a-z0-9-]+)\.svc(?:\.[a-z0-9.-]+)?$/;

/** Reads off a host name which broker is meant; `undefined` when it is not the name of a broker's pod. */
export function brokerTargetOf(hostname: string): BrokerTarget | undefined {
  const { cluster, ordinal, namespace } = brokerHost.exec(hostname)?.groups ?? {};
  if (cluster === undefined || ordinal === undefined || namespace === undefined) return undefined;
  return { namespace, cluster, ordinal: Number(ordinal) };
}
