import { fileURLToPath } from 'node:url';
import { readManifests } from '@capstan/testkit';
import { describe, expect, it } from 'vitest';
import { FormerPrismPattern } from './former-version.ts';
import { PrismPattern } from './prism-pattern.ts';
import { PrismPatterns } from './prism-patterns.ts';

describe("the requirement's sample", () => {
  it('has no field that the schema does not know, and is valid', async () => {
    const file = fileURLToPath(new URL('../../../../../deploy/samples/prism/prism-pattern.yaml', import.meta.url));
    const [sample = {}] = await readManifests(file);
    expect([PrismPattern.validate(sample), PrismPattern.unknownFields(sample)]).toEqual([[], []]);
  });
});

/** As an operator of then stored it. */
const former = (spec: object) => ({
  apiVersion: 'prism.io/v1alpha1',
  kind: 'PrismPattern',
  metadata: { name: 'events', namespace: 'shop' },
  spec: { pattern: 'producer', backend: 'nats', image: 'ghcr.io/prism/producer-runner:1', replicas: 2, ...spec },
});

const specAsHub = (spec: object) => (PrismPatterns.convert(former(spec), 'v1beta1') as PrismPattern).spec; // of that version

describe('a resource in the shape before v1beta1', () => {
  it('means the same in v1beta1', () => {
    const resources = { requests: { cpu: '1', memory: '2Gi' } };
    const autoscaling = {
      ...{ enabled: true, scaler: 'hpa', minReplicas: 2, maxReplicas: 20 },
      ...{ targetCPUUtilizationPercentage: 75, targetMemoryUtilizationPercentage: 80 },
    };
    const placement = { strategy: 'spread', nodeSelector: { disk: 'ssd' }, priorityClassName: 'high' };
    const config = { batchSize: '1000' };
    expect(
      specAsHub({ resources, autoscaling, placement, config, service: { type: 'ClusterIP', port: 8080 } }),
    ).toEqual({
      ...{ type: 'producer', workload: 'Deployment', replicas: 2, image: 'ghcr.io/prism/producer-runner:1' },
      ...{ backends: [{ name: 'nats' }], resources, config, port: 8080 },
      autoscaling: { enabled: true, scaler: 'hpa', minReplicas: 2, maxReplicas: 20, targetCPU: 75, targetMemory: 80 },
      placement: { nodeSelector: { disk: 'ssd' }, priorityClassName: 'high' },
    });
  });

  it('that switched its autoscaler off with nothing but zeros is one that v1beta1 takes', () => {
    const object = former({ autoscaling: { enabled: false, minReplicas: 0, maxReplicas: 0 } });
    expect(FormerPrismPattern.validate(object)).toEqual([]);
    expect(PrismPattern.validate(PrismPatterns.convert(object, 'v1beta1'))).toEqual([]);
  });

  it('keeps what v1beta1 has no place for through an edit there', () => {
    const object = former({ backendConfig: { name: 'kafka-production' }, placement: { strategy: 'spread' } });
    const hub = PrismPatterns.convert(object, 'v1beta1') as PrismPattern; // of that version
    const edited = { ...hub, spec: { ...hub.spec, replicas: 5 } };
    expect(PrismPatterns.convert(edited, 'v1alpha1')).toEqual({ ...object, spec: { ...object.spec, replicas: 5 } });
  });

  it('keeps its triggers with what they refer to', () => {
    const triggers = [{ type: 'kafka', metadata: { topic: 'a' }, authenticationRef: { name: 'login' } }];
    const autoscaling = { enabled: true, minReplicas: 0, maxReplicas: 3, triggers };
    expect(specAsHub({ autoscaling }).autoscaling).toEqual(autoscaling);
  });
});
