import type { Preview, PreviewedChild } from '@capstan/runtime';
import { describe, expect, test } from 'vitest';
import { type Paint, resourceLines, summaryText } from './plan-text.ts';
import { exitCodeOf, type PlannedResource, type PlanSummary, summaryOf } from './planned-resource.ts';

const plain: Paint = (_, text) => text;
const resource = { apiVersion: 'x/v1', kind: 'Shelf', namespace: 'ns', name: 'shelf' };

function map(data: object): NonNullable<PreviewedChild['before']> {
  const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'config' }, data };
  return object;
}

function child(changes: Partial<PreviewedChild>): PreviewedChild {
  return { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'ns', name: 'config', action: 'keep', ...changes };
}

function planned(preview: Partial<Preview>, edit: 'create' | 'change' | 'none' = 'none'): PlannedResource {
  const whole: Preview = { resource, operator: 'o', children: [], notes: [], ...preview };
  return { resource, verdict: 'Planned', edit, editedFields: [], preview: whole };
}

const text = (one: PlannedResource, isBrief = false) => resourceLines(one, { paint: plain, isBrief }).join('\n');

describe('the plan of a resource', () => {
  test('shows a change as a unified diff of YAML, with the pods that notice', () => {
    const changed = child({
      action: 'change',
      before: map({ a: '1', b: '2' }),
      after: map({ a: '1', b: '3' }),
      pods: { restarts: 1, stops: 0, how: 'x-0' },
    });
    expect(text(planned({ children: [changed, child({})] }))).toBe(
      [
        'Shelf ns/shelf',
        '  ~ ConfigMap/config',
        '      1 pod restarts: x-0',
        '      @@ -4,4 +4,4 @@',
        '        name: config',
        '      data:',
        '        a: "1"',
        '    -   b: "2"',
        '    +   b: "3"',
        '  = 1 child as wanted',
      ].join('\n'),
    );
  });

  test('shows a new object whole, as it is asked for, and says what it waits for', () => {
    const made = child({
      action: 'create',
      heldBy: 'brokers',
      desired: map({ a: '1' }),
      after: map({ a: '1', z: '2' }),
    });
    expect(text(planned({ children: [made] }, 'create'))).toBe(
      [
        'Shelf ns/shelf: new',
        '  + ConfigMap/config  waits for step "brokers"',
        '    + apiVersion: v1',
        '    + kind: ConfigMap',
        '    + metadata:',
        '    +   name: config',
        '    + data:',
        '    +   a: "1"',
      ].join('\n'),
    );
  });

  test('shows what is removed without its content', () => {
    expect(text(planned({ children: [child({ action: 'remove', before: map({ a: '1' }) })] }))).toBe(
      'Shelf ns/shelf\n  - ConfigMap/config',
    );
  });

  test('names who changed what is put right', () => {
    const repaired = child({ action: 'repair', detail: '.data.a (vandal)' });
    expect(text(planned({ children: [repaired] }), true)).toBe(
      'Shelf ns/shelf\n  ~ ConfigMap/config  repair: .data.a (vandal)',
    );
  });

  test('says what would be refused, by field', () => {
    const invalid: PlannedResource = {
      source: 'a.yaml',
      resource,
      verdict: 'Invalid',
      violations: [{ path: 'spec.replicas', message: 'must be odd' }],
    };
    expect(text(invalid)).toBe('Shelf ns/shelf (a.yaml) would be refused:\n  spec.replicas: must be odd');
  });

  test('shows the conditions that would change, and only those', () => {
    const condition = { type: 'Ready', status: 'True', reason: 'A', message: 'Ready.', lastTransitionTime: '' };
    const after = { ...condition, status: 'False', reason: 'B', message: 'Rolling.' };
    const other = { ...condition, type: 'Other' };
    const status = { before: { conditions: [condition, other] }, after: { conditions: [after, other] } };
    expect(text(planned({ status }))).toBe('Shelf ns/shelf\n  status Ready=True -> False (B): Rolling.');
  });
});

describe('the summary and the exit code', () => {
  const none: PlanSummary = {
    ...{ create: 0, change: 0, recreate: 0, remove: 0, keep: 0, unknown: 0 },
    ...{ refused: 0, restarts: 0, stops: 0, edits: 0 },
  };

  test.each<[Partial<PlanSummary>, string, number]>([
    [{ keep: 5 }, 'nothing to do', 0],
    [{ edits: 1 }, 'no child changes', 2],
    [{ create: 2, change: 1, remove: 1, restarts: 3 }, '2 to create, 1 to change, 1 to remove; 3 pods restart', 2],
    [{ recreate: 1, restarts: 1, stops: 2 }, '1 to recreate; 1 pod restarts; 2 pods go', 2],
    [{ create: 1, refused: 1 }, '1 to create, 1 refused', 1],
    [{ unknown: 2 }, '2 not to be foretold', 0],
  ])('%j reads "%s" and exits with %d', (counts, words, code) => {
    const summary = { ...none, ...counts };
    expect([summaryText(summary), exitCodeOf(summary)]).toEqual([words, code]);
  });

  test('count children, pods and refusals over all resources', () => {
    const one = planned({
      children: [
        child({ action: 'change', pods: { restarts: 3, stops: 1, how: '' } }),
        child({ action: 'repair' }),
        child({ action: 'create' }),
        child({ action: 'unknown' }),
        child({ action: 'refused' }),
      ],
    });
    const refused = planned({ refusal: { reason: 'R', message: 'no' } }, 'change');
    expect(summaryOf([one, refused, { source: 'x', resource, verdict: 'Skipped' }])).toEqual({
      ...{ create: 1, change: 2, recreate: 0, remove: 0, keep: 0, unknown: 1 },
      ...{ refused: 2, restarts: 3, stops: 1, edits: 1 },
    });
  });
});
