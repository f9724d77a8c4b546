import type { Draft, Service } from '@capstan/kube';
import { service } from '@capstan/resources';
import type { SampleApp } from '../api/v1alpha1/sample-app.ts';
import { labelsOf, selectorOf } from './labels.ts';

/** The one address of a sample app. */
export function addressOf(sampleApp: SampleApp): Draft<Service> {
  const { metadata, spec } = sampleApp;
  return service(
    { name: metadata.name, labels: labelsOf(sampleApp) },
    { selector: selectorOf(metadata.name), ports: [{ name: 'http', port: 80, targetPort: spec.port }] },
  );
}
