import type { Node } from '@capstan/kube';
import { expect, test } from 'vitest';
import { seen, survey, whole } from '../survey.fixture.ts';
import { checkNodes } from './nodes.ts';

function node(name: string, kubeletVersion: string, ready: 'True' | 'False' = 'True'): Node {
  // Of what a kubelet says of itself only its version is looked at.
  const nodeInfo = { kubeletVersion } as NonNullable<NonNullable<Node['status']>['nodeInfo']>;
  const conditions = [{ type: 'Ready', status: ready }];
  return { apiVersion: 'v1', kind: 'Node', metadata: { name }, status: { conditions, nodeInfo } };
}

test.each([
  ['none', [], 'warning', 'there are none'],
  ['one that fits', [node('a', 'v1.36.0')], 'ok', '1 ready'],
  ['one that is three versions behind', [node('a', 'v1.33.0')], 'ok', '1 ready'],
  ['one that is four versions behind', [node('a', 'v1.32.9')], 'warning', 'behind the API server: a (v1.32.9)'],
  ['one that is newer', [node('a', 'v1.37.0')], 'warning', 'newer than the API server: a (v1.37.0)'],
  ['one of two that is not ready', [node('a', 'v1.36.0'), node('b', 'v1.36.0', 'False')], 'warning', 'not ready: b'],
  ['none that is ready', [node('a', 'v1.36.0', 'False')], 'problem', 'not ready: a'],
])('nodes: %s', (_, nodes, level, says) => {
  expect(checkNodes(survey({ version: seen('v1.36.3'), nodes: whole(...nodes) }))).toEqual([
    expect.objectContaining({ level, says: expect.stringContaining(says) }),
  ]);
});

test('of a large cluster it is said that not every node was looked at', () => {
  const nodes = seen({ items: [node('a', 'v1.36.0')], isWhole: false });
  expect(checkNodes(survey({ nodes }))).toContainEqual(
    expect.objectContaining({ says: 'only the first 2,000 were looked at' }),
  );
});
