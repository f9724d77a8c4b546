import type { LabelSelector } from '@capstan/kube';
import { InvalidChildError } from './invalid-child-error.ts';
import type { ChildMetadata, Labels } from './metadata.ts';

/**
 * What a workload finds its pods by: the labels given, or one that holds its own name and so no other workload's pods.
 * Two workloads whose selectors match the same pods take them from each other for ever.
 */
export function workloadSelector(kind: string, { name }: ChildMetadata, given: Labels | undefined): Labels {
  return given === undefined ? { [`capstan.dev/${kind.toLowerCase()}`]: name } : chosenLabels(given, `${kind}/${name}`);
}

/**
 * A selector by labels.
 * @throws {InvalidChildError} when there are none: an empty selector matches every pod of the namespace
 */
export function labelSelector(labels: Labels, child: string): LabelSelector {
  return { matchLabels: chosenLabels(labels, child) };
}

function chosenLabels(labels: Labels, child: string): Labels {
  if (Object.keys(labels).length > 0) return labels;
  throw new InvalidChildError(child, ['selector: is empty, which matches every pod of the namespace: name the labels']);
}
