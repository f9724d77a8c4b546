import type { Draft, KubeObject, LabelSelector, ResourceType } from '@capstan/kube';
import { child } from '../child.ts';
import { InvalidChildError } from '../invalid-child-error.ts';
import type { ChildMetadata, Labels } from '../metadata.ts';
import { dnsSubdomain } from '../names.ts';
import { labelSelector } from '../selector.ts';
import { endpointProblems, type NamespaceSelector, type ScrapeEndpoint } from './scrape-endpoint.ts';

interface PodMonitorSpec {
  readonly selector: LabelSelector;
  readonly namespaceSelector?: NamespaceSelector;
  readonly podMetricsEndpoints: readonly ScrapeEndpoint[];
  /** The label of the pod whose value becomes the `job` of its series. */
  readonly jobLabel?: string;
  readonly podTargetLabels?: readonly string[];
  readonly sampleLimit?: number;
}

/** Tells Prometheus which pods to scrape, where the Prometheus operator is installed. */
export interface PodMonitor extends KubeObject {
  readonly apiVersion: 'monitoring.coreos.com/v1';
  readonly kind: 'PodMonitor';
  readonly spec: PodMonitorSpec;
}
export const PodMonitor: ResourceType<PodMonitor> = {
  group: 'monitoring.coreos.com',
  version: 'v1',
  kind: 'PodMonitor',
  plural: 'podmonitors',
  namespaced: true,
};

export interface PodMonitorOptions extends Omit<PodMonitorSpec, 'selector'> {
  /** Labels of the pods. */
  readonly selector: Labels;
}

/**
 * Has pods scraped that no Service stands for.
 * See https://prometheus-operator.dev/docs/api-reference/api/#monitoring.coreos.com/v1.PodMonitor.
 * @throws {InvalidChildError} without endpoints, with an empty selector, and for fields that name a file
 */
export function podMonitor(metadata: ChildMetadata, options: PodMonitorOptions): Draft<PodMonitor> {
  const name = `PodMonitor/${metadata.name}`;
  const problems = endpointProblems(options.podMetricsEndpoints, 'podMetricsEndpoints');
  if (problems.length > 0) throw new InvalidChildError(name, problems);
  const spec = { ...options, selector: labelSelector(options.selector, name) };
  return child<PodMonitor>(
    { apiVersion: 'monitoring.coreos.com/v1', kind: 'PodMonitor', metadata, spec },
    dnsSubdomain,
  );
}
