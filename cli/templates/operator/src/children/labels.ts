import type { SampleApp } from '../api/v1alpha1/sample-app.ts';

/** On every child; https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/ */
export function labelsOf({ metadata }: SampleApp): Readonly<Record<string, string>> {
  return { ...selectorOf(metadata.name), 'app.kubernetes.io/managed-by': 'sample-app-operator' };
}

/** What tells the pods of one sample app from all others. */
export function selectorOf(name: string): Readonly<Record<string, string>> {
  return { 'app.kubernetes.io/name': 'sampleapp', 'app.kubernetes.io/instance': name };
}
