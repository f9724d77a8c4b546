import { ApiError, Deployment, type KubeClient } from '@capstan/kube';
import { expect, test } from 'vitest';
import { giveBack } from './give-back.ts';

const child = { type: Deployment, namespace: 'prism', name: 'prism-proxy' };
const marked = {
  ...{ apiVersion: 'apps/v1', kind: 'Deployment' },
  metadata: { name: 'prism-proxy', annotations: { 'prism.io/applied': 'h' } },
};

/** An API server that answers each patch with what comes next: a status, or 200 for the rest. */
function answering(statuses: readonly number[], object: object | undefined = marked) {
  let patches = 0;
  const client = {
    get: () => Promise.resolve(object),
    patch: () => {
      const status = statuses[patches++];
      return status === undefined ? Promise.resolve(object) : Promise.reject(refusal(status));
    },
  } as unknown as Pick<KubeClient, 'get' | 'patch'>; // whatever kind is asked for, this one answers
  return { client, patches: () => patches };
}

function refusal(status: number): ApiError {
  return new ApiError({ status, message: 'no', reason: 'Refused' });
}

test.each<[string, number[], string, number]>([
  ['at once', [], 'given back', 1],
  ['when somebody else wrote at the same moment', [409, 409], 'given back', 3],
  ['that goes meanwhile', [404], 'is gone', 1],
])('an object %s', async (_title, statuses, outcome, count) => {
  const { client, patches } = answering(statuses);
  expect([await giveBack(client, child, 'pay'), patches()]).toEqual([outcome, count]);
});

test('an object that bears no marks is left as it is', async () => {
  const { client, patches } = answering([], { ...marked, metadata: { name: 'prism-proxy' } });
  expect([await giveBack(client, child, 'pay'), patches()]).toEqual(['was so already', 0]);
});

test.each([[403], [409, 409, 409, 409, 409]])(
  'an object that may not be written, %s, is an error',
  async (...statuses) => {
    const { client } = answering(statuses);
    await expect(giveBack(client, child, 'pay')).rejects.toThrow(ApiError);
  },
);
