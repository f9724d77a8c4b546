import type { Platform } from '../platform.ts';

/** The programs that a control plane needs; `kubectl` is for people and tests. */
export const PROGRAMS = [
  'etcd',
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'kubectl',
  'kwok',
] as const;

export type Program = (typeof PROGRAMS)[number];

/** The main package that each program is built from, inside the modules of go/go.mod. */
export const GO_PACKAGES: Readonly<Record<Program, string>> = {
  etcd: 'go.etcd.io/etcd/server/v3',
  'kube-apiserver': 'k8s.io/kubernetes/cmd/kube-apiserver',
  'kube-controller-manager': 'k8s.io/kubernetes/cmd/kube-controller-manager',
  'kube-scheduler': 'k8s.io/kubernetes/cmd/kube-scheduler',
  kubectl: 'k8s.io/kubernetes/cmd/kubectl',
  kwok: 'sigs.k8s.io/kwok/cmd/kwok',
};

/** Milliseconds that a cold build takes on two cores, in the order of {@link BUILD_ORDER}: what one compiled the next reuses. */
export const BUILD_MS: Readonly<Record<Program, number>> = {
  'kube-apiserver': 166_000,
  'kube-controller-manager': 46_000,
  'kube-scheduler': 4_000,
  kubectl: 17_000,
  kwok: 9_000,
  etcd: 7_000,
};

/** The order in which {@link BUILD_MS} was measured. */
export const BUILD_ORDER: readonly Program[] = [
  'kube-apiserver',
  'etcd',
  'kube-controller-manager',
  'kube-scheduler',
  'kubectl',
  'kwok',
];

/** `linux-amd64`. */
export function platformName(platform: Platform): string {
  return `${platform.os}-${platform.arch}`;
}
