export { type ConnectionParameters, connectionFrom } from './connection-from.ts';
export { type InClusterOptions, inClusterConnection, isInCluster } from './in-cluster.ts';
export { type InlineKubeConfigOptions, inlineKubeConfig } from './inline-kubeconfig.ts';
export { KubeConfigError, type KubeConfigProblem } from './kubeconfig-error.ts';
export { type LoadKubeConfigOptions, loadKubeConfig } from './load-kube-config.ts';
