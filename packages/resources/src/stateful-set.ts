import type { Draft, StatefulSet, StatefulSetSpec } from '@capstan/kube';
import { child } from './child.ts';
import type { ChildMetadata, Labels } from './metadata.ts';
import { statefulSetName } from './names.ts';
import { type PodOptions, podTemplate } from './pod-template.ts';
import { workloadSelector } from './selector.ts';

/** A StatefulSet's spec, with its pods described once. */
export interface StatefulSetOptions extends Omit<StatefulSetSpec, 'selector' | 'template'> {
  /** Labels that only these pods have; a label with the StatefulSet's own name unless told. It can never change. */
  readonly selector?: Labels;
  /** The headless Service under which each pod has a name. */
  readonly serviceName: string;
  readonly pod: PodOptions;
}

/**
 * A StatefulSet whose pods the `restricted` Pod Security Standard admits. Volumes are made with `claimTemplate`.
 * @throws {InvalidChildError} when its pods would not be admitted, or for names that cannot be: at most 52 characters
 */
export function statefulSet(
  metadata: ChildMetadata,
  { selector: given, pod, ...spec }: StatefulSetOptions,
): Draft<StatefulSet> {
  const kind = 'StatefulSet';
  const selector = workloadSelector(kind, metadata, given);
  const template = podTemplate(pod, { kind, metadata, selector });
  const whole = { ...spec, selector: { matchLabels: selector }, template };
  return child<StatefulSet>({ apiVersion: 'apps/v1', kind, metadata, spec: whole }, statefulSetName);
}
