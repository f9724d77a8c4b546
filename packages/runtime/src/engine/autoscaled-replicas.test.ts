import type { KubeObject } from '@capstan/kube';
import { describe, expect, it } from 'vitest';
import { isAutoscaled } from './autoscaled-replicas.ts';

const body = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' }, spec: { replicas: 1 } };

/** The Deployment, of which somebody has set the number of pods. */
function scaledBy(manager: string, subresource: string | undefined): KubeObject {
  const fields = { fieldsType: 'FieldsV1', fieldsV1: { 'f:spec': { 'f:replicas': {} } } } as const;
  const entry = { manager, operation: 'Update' as const, ...fields, ...(subresource !== undefined && { subresource }) };
  return { ...body, metadata: { name: 'web', managedFields: [entry] } };
}

describe('the number of pods is an autoscaler’s', () => {
  it.each([
    ['kube-controller-manager', 'scale', true],
    ['keda', 'scale', true],
    ['kubectl', 'scale', false],
    ['kube-controller-manager', undefined, false],
  ] as const)('when %s has set it by the subresource %s: %s', (manager, subresource, expected) => {
    expect(isAutoscaled(body, scaledBy(manager, subresource), undefined)).toBe(expected);
  });
});
