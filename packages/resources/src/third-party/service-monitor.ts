import type { Draft, KubeObject, LabelSelector, ResourceType } from '@capstan/kube';
import { child } from '../child.ts';
import { InvalidChildError } from '../invalid-child-error.ts';
import type { ChildMetadata, Labels } from '../metadata.ts';
import { dnsSubdomain } from '../names.ts';
import { labelSelector } from '../selector.ts';
import { endpointProblems, type NamespaceSelector, type ScrapeEndpoint } from './scrape-endpoint.ts';

interface ServiceMonitorSpec {
  readonly selector: LabelSelector;
  readonly namespaceSelector?: NamespaceSelector;
  readonly endpoints: readonly ScrapeEndpoint[];
  /** The label of the Service whose value becomes the `job` of its series. */
  readonly jobLabel?: string;
  readonly targetLabels?: readonly string[];
  readonly podTargetLabels?: readonly string[];
  readonly sampleLimit?: number;
}

/** Tells Prometheus which Services to scrape, where the Prometheus operator is installed. */
export interface ServiceMonitor extends KubeObject {
  readonly apiVersion: 'monitoring.coreos.com/v1';
  readonly kind: 'ServiceMonitor';
  readonly spec: ServiceMonitorSpec;
}
export const ServiceMonitor: ResourceType<ServiceMonitor> = {
  group: 'monitoring.coreos.com',
  version: 'v1',
  kind: 'ServiceMonitor',
  plural: 'servicemonitors',
  namespaced: true,
};

export interface ServiceMonitorOptions extends Omit<ServiceMonitorSpec, 'selector'> {
  /** Labels of the Services. */
  readonly selector: Labels;
}

/**
 * Has Services scraped. To be owned as `optional(owned(ServiceMonitor))`: few clusters have the kind.
 * See https://prometheus-operator.dev/docs/api-reference/api/#monitoring.coreos.com/v1.ServiceMonitor.
 * @throws {InvalidChildError} without endpoints, with an empty selector, and for fields that name a file
 *
 * @example
 * ```ts
 * serviceMonitor({ name: 'orders' }, { selector: { app: 'orders' }, endpoints: [{ port: 'metrics' }] })
 * ```
 */
export function serviceMonitor(metadata: ChildMetadata, options: ServiceMonitorOptions): Draft<ServiceMonitor> {
  const name = `ServiceMonitor/${metadata.name}`;
  const problems = endpointProblems(options.endpoints, 'endpoints');
  if (problems.length > 0) throw new InvalidChildError(name, problems);
  const spec = { ...options, selector: labelSelector(options.selector, name) };
  return child<ServiceMonitor>(
    { apiVersion: 'monitoring.coreos.com/v1', kind: 'ServiceMonitor', metadata, spec },
    dnsSubdomain,
  );
}
