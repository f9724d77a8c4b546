import type { Preview } from '@capstan/runtime';
import { expect, test } from 'vitest';
import type { PlannedResource } from '../../plan/planned-resource.ts';
import { planView } from './plan-view.ts';

const resource = { apiVersion: 'shop.dev/v1', kind: 'Shop', namespace: 'n', name: 'a' };
const configMap = (data: object) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c' }, data });
const child = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'n', name: 'c' };

function planned(preview: Partial<Preview>, editedFields: readonly string[] = []): PlannedResource {
  const edit = editedFields.length === 0 ? 'none' : 'change';
  return {
    resource,
    verdict: 'Planned',
    edit,
    editedFields,
    preview: { resource, operator: 'o', children: [], notes: [], ...preview },
  };
}

test('what changes is told by object, and what stays is not', () => {
  const pods = { restarts: 3, stops: 0, how: 'one at a time' };
  const preview: Partial<Preview> = {
    children: [
      { ...child, action: 'keep' },
      {
        ...child,
        action: 'change',
        pods,
        heldBy: 'backends',
        before: configMap({ b: '1' }),
        after: configMap({ b: '2' }),
      },
      { ...child, action: 'create', desired: configMap({}) },
      { ...child, action: 'remove', detail: 'nobody asks for it', before: configMap({}) },
    ],
  };
  const { changes, summary } = planView([planned(preview, ['spec.size', 'spec.tag'])], []);
  expect(summary).toBe('1 to create, 1 to change, 1 to remove; 3 pods restart');
  expect(changes.map(({ object, action, why }) => [object, action, why])).toEqual([
    ['Shop n/a', 'change', 'spec.size, spec.tag'],
    ['ConfigMap n/c', 'change', '3 pods restart: one at a time; waits for step "backends"'],
    ['ConfigMap n/c', 'create', undefined],
    ['ConfigMap n/c', 'remove', 'nobody asks for it'],
  ]);
  expect(changes[1]?.diff).toEqual(['@@ -3,4 +3,4 @@', ' metadata:', '   name: c', ' data:', '-  b: "1"', '+  b: "2"']);
  expect(changes[2]?.diff[0]).toBe('+apiVersion: v1');
  expect(changes[3]?.diff).toEqual([]);
});

test('what is wrong is told, each in a sentence', () => {
  const { problems, changes, summary } = planView(
    [
      {
        resource,
        verdict: 'Invalid',
        violations: [
          { path: 'spec.size', message: 'is too small' },
          { path: '', message: 'no' },
        ],
      },
      { resource: { ...resource, kind: 'Other' }, verdict: 'Skipped' },
      planned({ refusal: { reason: 'SpecInvalid', message: 'that cannot be' }, error: 'no Druid', notes: ['a note'] }),
    ],
    ['it is deprecated'],
  );
  expect(problems).toEqual([
    'spec.size: is too small',
    'no',
    'Other n/a: no operator here knows this kind',
    'it would be refused (SpecInvalid): that cannot be',
    "the operator's pass would fail: no Druid",
    'a note',
    'warning from the API server: it is deprecated',
  ]);
  expect([changes, summary]).toEqual([[], '2 refused']);
});
