import type { DaemonSet, DaemonSetSpec, Draft } from '@capstan/kube';
import { child } from './child.ts';
import type { ChildMetadata, Labels } from './metadata.ts';
import { dnsSubdomain } from './names.ts';
import { type PodOptions, podTemplate } from './pod-template.ts';
import { workloadSelector } from './selector.ts';

/** A DaemonSet's spec, with its pods described once. */
export interface DaemonSetOptions extends Omit<DaemonSetSpec, 'selector' | 'template'> {
  /** Labels that only these pods have; a label with the DaemonSet's own name unless told. It can never change. */
  readonly selector?: Labels;
  readonly pod: PodOptions;
}

/**
 * A pod per node, which the `restricted` Pod Security Standard admits unless `pod.podSecurity` says `Privileged`.
 * @throws {InvalidChildError} when its pods would not be admitted, or for names that cannot be
 */
export function daemonSet(
  metadata: ChildMetadata,
  { selector: given, pod, ...spec }: DaemonSetOptions,
): Draft<DaemonSet> {
  const kind = 'DaemonSet';
  const selector = workloadSelector(kind, metadata, given);
  const template = podTemplate(pod, { kind, metadata, selector });
  const whole = { ...spec, selector: { matchLabels: selector }, template };
  return child<DaemonSet>({ apiVersion: 'apps/v1', kind, metadata, spec: whole }, dnsSubdomain);
}
