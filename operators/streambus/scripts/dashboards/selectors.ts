/** Matchers for the series of one cluster, by the variables `namespace` and `cluster`. */
export const inNamespace = 'namespace="$namespace"';

/** Its StatefulSet. */
export const itsStatefulSet = `${inNamespace}, statefulset="$cluster"`;

/** Its pods: no other cluster's pods have such names, because an ordinal is a number. */
export const itsPods = `${inNamespace}, pod=~"$cluster-[0-9]+"`;

/** The claims of its brokers, for messages and for raft. */
export const itsDataClaims = `${inNamespace}, persistentvolumeclaim=~"data-$cluster-[0-9]+"`;
export const itsRaftClaims = `${inNamespace}, persistentvolumeclaim=~"raft-data-$cluster-[0-9]+"`;
export const itsClaims = `${inNamespace}, persistentvolumeclaim=~"(raft-)?data-$cluster-[0-9]+"`;

/** What clients see of its proxies, and how these see the broker beside them. */
export const itsFrontends = `${itsPods}, proxy="clients"`;
export const itsBackends = `${itsPods}, proxy="broker"`;

/** The range over which a rate is meaningful, however often Prometheus asks. */
export const rate = '[$__rate_interval]';
