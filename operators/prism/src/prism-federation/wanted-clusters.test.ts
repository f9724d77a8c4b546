import type { KubeObject } from '@capstan/kube';
import { describe, expect, it } from 'vitest';
import { aFederation } from './a-federation.fixture.ts';
import { wishFor } from './wanted-clusters.ts';

const template = { backends: { redis: {} }, patterns: [{ name: 'keyvalue', backends: ['redis'] }] };
const local = { spec: { backends: { nats: {} }, patterns: [] } } as unknown as KubeObject; // only its spec is looked at
const cache = (found: KubeObject | undefined) => ({ get: () => found as undefined }); // of the one kind that is asked for

function wish(propagation: object, overrides?: Readonly<Record<string, never>> | object, found?: KubeObject) {
  const clusters = [
    { name: 'east', endpoint: 'https://east', region: 'eu', ...(overrides && { overrides: { ...overrides } }) },
  ];
  const federation = aFederation({ clusters, propagation });
  const [member] = federation.spec.clusters;
  if (member === undefined) throw new Error('there is one');
  return wishFor(federation, member, 'spec.clusters[0]', cache(found));
}

describe('what is propagated', () => {
  it('is nothing where it is only observed, and overrides say that they have no effect', () => {
    expect(wish({})).toEqual({ is: 'Nothing' });
    expect(wish({}, { proxy: null })).toMatchObject({
      reason: 'Observed',
      message: expect.stringContaining('has no effect'),
    });
  });

  it('is the template with what differs in the cluster', () => {
    const propagation = { policy: 'Propagate', template };
    const overrides = { backends: { redis: { storage: '5Gi' }, nats: {} } };
    expect(wish(propagation, overrides)).toEqual({
      is: 'Wanted',
      cluster: { region: 'eu', spec: { ...template, backends: { redis: { storage: '5Gi' }, nats: {} } } },
    });
  });

  it('has no fields that are null, which an API server would drop', () => {
    const patterns = [{ name: 'keyvalue', backends: ['redis'], replicas: null }];
    const propagation = { policy: 'Propagate', template: { backends: { redis: { storage: null } }, patterns } };
    expect(wish(propagation)).toMatchObject({ is: 'Wanted', cluster: { spec: template } });
    expect(JSON.stringify(wish(propagation))).not.toContain('null');
  });

  it('is the spec of a PrismCluster of the own namespace', () => {
    expect(wish({ policy: 'Propagate', from: { name: 'local' } }, undefined, local)).toMatchObject({
      cluster: { spec: { backends: { nats: {} } } },
    });
    expect(wish({ policy: 'Propagate', from: { name: 'local' } })).toMatchObject({
      reason: 'TemplateMissing',
      message: 'spec.propagation.from: PrismCluster/local does not exist in this namespace',
    });
  });

  it.each([
    { wrong: { patterns: 'none' }, where: 'spec.patterns' },
    { wrong: { proxies: {} }, where: 'spec.proxies: there is no such field' },
  ])('is no PrismCluster with $where, and says so', ({ wrong, where }) => {
    expect(wish({ policy: 'Propagate', template }, wrong)).toMatchObject({
      reason: 'TemplateInvalid',
      message: expect.stringContaining(where),
    });
  });
});
