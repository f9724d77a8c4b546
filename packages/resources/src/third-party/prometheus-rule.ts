import type { Draft, IntOrString, KubeObject, ResourceType } from '@capstan/kube';
import { child } from '../child.ts';
import { InvalidChildError } from '../invalid-child-error.ts';
import type { ChildMetadata, Labels } from '../metadata.ts';
import { dnsSubdomain } from '../names.ts';

/** A series to be computed, or an alert to be raised while an expression has results. */
export type PrometheusRuleEntry = {
  /** PromQL. */
  readonly expr: IntOrString;
  readonly labels?: Labels;
} & (
  | { readonly record: string }
  | {
      readonly alert: string;
      /** How long it must hold before anybody is told, such as `5m`. */
      readonly for?: string;
      readonly keep_firing_for?: string;
      readonly annotations?: Readonly<Record<string, string>>;
    }
);

export interface PrometheusRuleGroup {
  readonly name: string;
  readonly interval?: string;
  readonly rules: readonly PrometheusRuleEntry[];
}

/** Recording and alerting rules, where the Prometheus operator is installed. */
export interface PrometheusRule extends KubeObject {
  readonly apiVersion: 'monitoring.coreos.com/v1';
  readonly kind: 'PrometheusRule';
  readonly spec: { readonly groups: readonly PrometheusRuleGroup[] };
}
export const PrometheusRule: ResourceType<PrometheusRule> = {
  group: 'monitoring.coreos.com',
  version: 'v1',
  kind: 'PrometheusRule',
  plural: 'prometheusrules',
  namespaced: true,
};

/**
 * Groups of rules for Prometheus.
 * See https://prometheus-operator.dev/docs/api-reference/api/#monitoring.coreos.com/v1.PrometheusRule.
 * @throws {InvalidChildError} when two groups have one name: the server would refuse them, as groups are told apart by it
 */
export function prometheusRule(metadata: ChildMetadata, groups: readonly PrometheusRuleGroup[]): Draft<PrometheusRule> {
  const names = groups.map(({ name }) => name);
  const twins = names.filter((name, index) => names.indexOf(name) !== index);
  if (twins.length > 0) {
    const problems = twins.map((name) => `groups: two are called "${name}": give each a name of its own`);
    throw new InvalidChildError(`PrometheusRule/${metadata.name}`, problems);
  }
  const draft = { apiVersion: 'monitoring.coreos.com/v1', kind: 'PrometheusRule', metadata, spec: { groups } } as const;
  return child<PrometheusRule>(draft, dnsSubdomain);
}
