/** The Kubernetes version that is built and run unless another is asked for. The same as in go/go.mod. */
export const KUBERNETES_VERSION = '1.36.3';

/** The etcd that goes with it. The same as in go/go.mod. */
export const ETCD_VERSION = '3.6.16';

/** The kwok that plays nodes and pods. The same as in go/go.mod. */
export const KWOK_VERSION = '0.8.0';
