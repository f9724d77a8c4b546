import { describe, expect, it } from 'vitest';
import {
  claimTemplate,
  configMap,
  headlessService,
  podDisruptionBudget,
  restrictedContainer,
  restrictedPod,
  service,
  statefulSet,
} from './index.ts';

const metadata = { name: 'queue', namespace: 'shop', labels: { app: 'queue' } };
const selector = { app: 'queue' };

describe('builders of children', () => {
  it('say only what they are asked, so that everything else stays with its owner', () => {
    const template = { spec: { containers: [{ name: 'queue', image: 'queue:1' }] } };
    expect([
      configMap(metadata, { 'queue.yaml': 'a: 1\n' }),
      service(metadata, { selector, ports: [{ name: 'queue', port: 1 }] }),
      statefulSet(metadata, { selector: { matchLabels: selector }, template }),
      podDisruptionBudget(metadata, { selector, maxUnavailable: 1 }),
    ]).toEqual([
      { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { 'queue.yaml': 'a: 1\n' } },
      { apiVersion: 'v1', kind: 'Service', metadata, spec: { selector, ports: [{ name: 'queue', port: 1 }] } },
      { apiVersion: 'apps/v1', kind: 'StatefulSet', metadata, spec: { selector: { matchLabels: selector }, template } },
      {
        apiVersion: 'policy/v1',
        kind: 'PodDisruptionBudget',
        metadata,
        spec: { maxUnavailable: 1, selector: { matchLabels: selector } },
      },
    ]);
  });

  it('give a governing Service whose names resolve before the pods are ready', () => {
    expect(headlessService(metadata, { selector, ports: [{ name: 'queue', port: 1 }] }).spec).toEqual({
      clusterIP: 'None',
      publishNotReadyAddresses: true,
      selector,
      ports: [{ name: 'queue', port: 1 }],
    });
  });

  it('keep an empty storage class, which turns dynamic provisioning off', () => {
    expect(claimTemplate({ name: 'data', storageClassName: '', storage: '1Gi' }).spec).toEqual({
      accessModes: ['ReadWriteOnce'],
      storageClassName: '',
      resources: { requests: { storage: '1Gi' } },
    });
  });

  it('give security contexts with every field the restricted Pod Security Standard asks for', () => {
    expect({ ...restrictedPod({ uid: 1000, gid: 2000 }), ...restrictedContainer }).toEqual({
      runAsNonRoot: true,
      runAsUser: 1000,
      runAsGroup: 2000,
      fsGroup: 2000,
      fsGroupChangePolicy: 'OnRootMismatch',
      seccompProfile: { type: 'RuntimeDefault' },
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
  });
});
