import type { Draft, Service, ServicePort, ServiceSpec } from '@capstan/kube';
import { child } from './child.ts';
import type { ChildMetadata, Labels } from './metadata.ts';
import { serviceName } from './names.ts';

/** A Service with a virtual IP of its own (`ClusterIP`) unless the spec says otherwise. */
export function service(metadata: ChildMetadata, spec: ServiceSpec): Draft<Service> {
  return child<Service>({ apiVersion: 'v1', kind: 'Service', metadata, spec }, serviceName);
}

export interface HeadlessServiceOptions {
  readonly selector: Labels;
  readonly ports: readonly ServicePort[];
}

/**
 * The governing Service of a StatefulSet: one DNS name per pod, no virtual IP.
 *
 * Names resolve before a pod is ready, because the members of a quorum must find each other in order to become ready.
 * See https://kubernetes.io/docs/concepts/services-networking/service/#headless-services.
 */
export function headlessService(metadata: ChildMetadata, { selector, ports }: HeadlessServiceOptions): Draft<Service> {
  return service(metadata, { clusterIP: 'None', publishNotReadyAddresses: true, selector, ports });
}
