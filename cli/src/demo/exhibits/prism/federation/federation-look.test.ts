import type { PrismFederation } from '@capstan/prism-operator';
import { describe, expect, it } from 'vitest';
import { condition } from '../../../condition.fixture.ts';
import { lookAtFederation } from './federation-look.ts';
import { federationVerdict } from './federation-verdict.ts';

type Status = NonNullable<PrismFederation['status']>;

function federation(status: Status): PrismFederation {
  const metadata = { namespace: 'prism', name: 'global', generation: 1 };
  // Only its status is looked at.
  const spec = { clusters: [] } as unknown as PrismFederation['spec'];
  return { apiVersion: 'prism.io/v1alpha3', kind: 'PrismFederation', metadata, spec, status };
}

function divided(west: number, east: number): Status {
  const clusters = [
    { name: 'west', weight: west, traffic: 'In' },
    { name: 'east', weight: east, traffic: east > 0 ? 'In' : 'Out' },
  ] as const;
  const conditions = [condition('Ready', 'True', 'Following')];
  return { observedGeneration: 1, healthyClusters: east > 0 ? '2/2' : '1/2', conditions, clusters: [...clusters] };
}

describe('a federation', () => {
  it.each([
    ['that is not there', undefined, { state: '', figures: ['-', '-'], inWords: 'none healthy, no traffic yet' }],
    [
      'that gives each cluster its share',
      federation(divided(50, 50)),
      { state: 'Ready', figures: ['2/2', '50:50'], inWords: '2/2 healthy, 50 % to west, 50 % to east' },
    ],
    [
      'that has left a cluster',
      federation(divided(100, 0)),
      { state: 'Ready', figures: ['1/2', '100:0'], inWords: '1/2 healthy, 100 % to west' },
    ],
  ])('%s looks like it', (_, resource, look) => {
    expect(lookAtFederation(resource)).toEqual(look);
  });

  it('is waited for until every cluster has traffic, though it is Ready before', () => {
    expect(federationVerdict(federation(divided(50, 50)))).toEqual({ kind: 'Ready' });
    expect(federationVerdict(federation(divided(100, 0)))).toEqual({
      ...{ kind: 'Waiting', why: 'no traffic goes to east' },
    });
  });
});
