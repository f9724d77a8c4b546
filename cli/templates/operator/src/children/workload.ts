import type { Deployment, Draft } from '@capstan/kube';
import { configHash, deployment } from '@capstan/resources';
import type { SampleApp } from '../api/v1alpha1/sample-app.ts';
import { labelsOf, selectorOf } from './labels.ts';
import { settingsOf } from './settings.ts';

/** The pods that serve. The hash in their template makes them roll when a setting changes. */
export function workloadOf(sampleApp: SampleApp): Draft<Deployment> {
  const { metadata, spec } = sampleApp;
  const settings = settingsOf(sampleApp);
  return deployment(
    { name: metadata.name, labels: labelsOf(sampleApp) },
    {
      replicas: spec.replicas,
      selector: selectorOf(metadata.name),
      pod: {
        annotations: { 'sample.example.dev/settings': configHash(settings) },
        containers: [
          {
            name: 'app',
            image: spec.image,
            ports: [{ name: 'http', containerPort: spec.port }],
            envFrom: [{ configMapRef: { name: `${metadata.name}-settings` } }],
            readinessProbe: { tcpSocket: { port: spec.port } },
          },
        ],
      },
    },
  );
}
