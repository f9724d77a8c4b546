import type { Deployment, DeploymentSpec, Draft } from '@capstan/kube';
import { child } from './child.ts';
import type { ChildMetadata, Labels } from './metadata.ts';
import { dnsSubdomain } from './names.ts';
import { type PodOptions, podTemplate } from './pod-template.ts';
import { workloadSelector } from './selector.ts';

/** A Deployment's spec, with its pods described once. Leave `replicas` out where an autoscaler decides them. */
export interface DeploymentOptions extends Omit<DeploymentSpec, 'selector' | 'template'> {
  /** Labels that only these pods have; a label with the Deployment's own name unless told. It can never change. */
  readonly selector?: Labels;
  readonly pod: PodOptions;
}

/**
 * A Deployment whose pods the `restricted` Pod Security Standard admits.
 * @throws {InvalidChildError} when its pods would not be admitted, or for names that cannot be
 *
 * @example
 * ```ts
 * deployment({ name: 'web' }, { replicas: 2, pod: { containers: [{ name: 'web', image: 'web:1' }] } })
 * ```
 */
export function deployment(
  metadata: ChildMetadata,
  { selector: given, pod, ...spec }: DeploymentOptions,
): Draft<Deployment> {
  const kind = 'Deployment';
  const selector = workloadSelector(kind, metadata, given);
  const template = podTemplate(pod, { kind, metadata, selector });
  const whole = { ...spec, selector: { matchLabels: selector }, template };
  return child<Deployment>({ apiVersion: 'apps/v1', kind, metadata, spec: whole }, dnsSubdomain);
}
