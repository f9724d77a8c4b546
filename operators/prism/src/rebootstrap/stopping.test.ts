import { ApiError, type KubeObject, type ResourceType } from '@capstan/kube';
import type { Outcome } from '@capstan/runtime';
import { describe, expect, it } from 'vitest';
import { aCluster, allAvailable } from '../a-cluster.fixture.ts';
import { aPass } from '../a-pass.fixture.ts';
import { rebootstrapAdminAnnotation } from '../annotations.ts';
import type { Rebootstrap } from './admin-standing.ts';
import { rebootstrapAdmin, withoutWayOn } from './rebootstrap.ts';

const outcome: Outcome = { children: [], failures: [], contests: [], notices: [], live: () => undefined };
const stopping: Rebootstrap = { from: 1, to: 3, step: 'Stopping', since: '2026-01-01T00:00:00Z' };
const labels = {
  'app.kubernetes.io/name': 'prism',
  'app.kubernetes.io/instance': 'orders',
  'app.kubernetes.io/component': 'prism-admin',
};
const pod: KubeObject = {
  ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'orders-prism-admin-x', namespace: 'shop', labels } },
};

/** A cluster whose owner has agreed to three members instead of one, and asks for so many. */
function agreed(replicas: number) {
  const made = aCluster({ spec: { admin: { replicas } } });
  return { ...made, metadata: { ...made.metadata, annotations: { [rebootstrapAdminAnnotation]: '1->3' } } };
}

interface Sight {
  readonly objects?: readonly KubeObject[];
  readonly cached?: readonly KubeObject[];
  /** The kind that may not be listed. */
  readonly hidden?: string;
  readonly status?: number;
}

/** The next step, and which kinds were listed for it. */
async function next(replicas: number, rebootstrap: Rebootstrap | undefined, { hidden, status = 403, ...rest }: Sight) {
  const listed: string[] = [];
  const base = aPass(rest);
  const list = <O extends KubeObject>(type: ResourceType<O>) => {
    listed.push(type.kind);
    if (type.kind !== hidden) return base.list(type);
    return Promise.reject(new ApiError({ status, reason: 'Forbidden', message: `${type.plural} is forbidden` }));
  };
  const observed = { ...allAvailable(aCluster()), bootstrapped: 1, rebootstrap };
  return { ...(await rebootstrapAdmin(agreed(replicas), { observed, outcome }, { ...base, list })), listed };
}

const kinds = ['StatefulSet', 'Deployment', 'ReplicaSet', 'Pod'];

describe('a prism-admin whose former members are to stop', () => {
  it('is not asked about while a pod of it is known to be there', async () => {
    expect(await next(3, stopping, { objects: [pod] })).toMatchObject({ rebootstrap: stopping, listed: [] });
  });

  it('has stopped once the API server has nothing of it either', async () => {
    expect(await next(3, stopping, { objects: [pod], cached: [] })).toMatchObject({ rebootstrap: stopping });
    expect(await next(3, stopping, {})).toMatchObject({ bootstrapped: 3, rebootstrap: { step: 'Starting' } });
  });

  it('is not asked about when the number was set back', async () => {
    expect(await next(1, stopping, {})).toMatchObject({ rebootstrap: undefined, listed: [] });
  });

  it('stays in that step, and says why, when it may not be looked at', async () => {
    expect(await next(3, stopping, { hidden: 'ReplicaSet' })).toMatchObject({
      rebootstrap: stopping,
      rebootstrapObstacle: expect.stringContaining('replicasets is forbidden'),
    });
  });

  it('is tried again later when the API server fails', async () => {
    await expect(next(3, stopping, { hidden: 'ReplicaSet', status: 500 })).rejects.toThrow('replicasets');
  });
});

describe('a prism-admin that is about to be bootstrapped anew', () => {
  it('begins when all that could be left of it may be looked at', async () => {
    expect(await next(3, undefined, {})).toMatchObject({ rebootstrap: { step: 'Stopping' }, listed: kinds });
  });

  it.each(kinds)('runs on, and says why, when no %s may be listed', async (hidden) => {
    expect(await next(3, undefined, { hidden })).toMatchObject({
      rebootstrap: undefined,
      rebootstrapObstacle: expect.stringContaining('is forbidden'),
    });
  });
});

describe('a spec that is refused while former members stop', () => {
  const standing = { bootstrapped: 1, adminEpoch: 0, rebootstrap: stopping };
  it.each([
    ['is the way back', agreed(1), undefined],
    ['is no way on', agreed(3), stopping],
    ['is nothing where it cannot be read', { ...agreed(1), spec: { admin: 1 } } as never, stopping], // an older CRD let it in
  ])('%s', (_what, cluster, rebootstrap) => {
    expect(withoutWayOn(cluster, standing)).toEqual({ ...standing, rebootstrap });
  });
});
