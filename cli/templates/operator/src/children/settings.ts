import type { ConfigMap, Draft } from '@capstan/kube';
import { configMap } from '@capstan/resources';
import type { SampleApp } from '../api/v1alpha1/sample-app.ts';
import { labelsOf } from './labels.ts';

/** The settings, which the pods read as environment variables. */
export function settingsOf(sampleApp: SampleApp): Draft<ConfigMap> {
  const { metadata, spec } = sampleApp;
  return configMap({ name: `${metadata.name}-settings`, labels: labelsOf(sampleApp) }, spec.settings);
}
