import type { Condition } from '@capstan/kube';
import { describe, expect, it } from 'vitest';
import {
  type Finding,
  findingsOf,
  holdsConditions,
  runtimeConditions,
  withRuntimeConditions,
} from './runtime-conditions.ts';

const now = '2026-01-02T00:00:00Z';
const then = '2026-01-01T00:00:00Z';
const ready: Condition = { type: 'Ready', status: 'True', reason: 'AllUp', message: '', lastTransitionTime: then };
const paused: Condition = { type: 'Paused', status: 'True', reason: 'X', message: 'x', lastTransitionTime: then };
const contested: Condition = { ...paused, type: 'DriftContested' };
const finding: Finding = { type: 'Paused', status: 'True', reason: 'X', message: 'x' };
const all = { judged: runtimeConditions, now, holdsConditions: true };

describe('the conditions of the runtime', () => {
  it('are added to those of the author', () => {
    expect(withRuntimeConditions({ conditions: [ready] }, undefined, [finding], all)).toEqual({
      conditions: [{ ...paused, lastTransitionTime: now }, ready],
    });
  });

  it('keep their time while they say the same', () => {
    const status = withRuntimeConditions({ conditions: [ready] }, { conditions: [paused] }, [finding], all);
    expect(status.conditions).toEqual([paused, ready]);
  });

  it('are taken out when they do not apply any more, also when the author reports them as they were', () => {
    expect(withRuntimeConditions({ conditions: [ready, paused] }, { conditions: [paused] }, [], all)).toEqual({
      conditions: [ready],
    });
  });

  it('stay as they were where this report does not judge them', () => {
    const previous = { conditions: [contested, paused] };
    const judged = ['Paused'] as const;
    expect(withRuntimeConditions({ conditions: [ready] }, previous, [], { ...all, judged }).conditions).toEqual([
      contested,
      ready,
    ]);
    expect(withRuntimeConditions({ conditions: [] }, previous, [finding], { ...all, judged }).conditions).toEqual([
      contested,
      paused,
    ]);
  });

  it('begin a list where the kind has one, and leave the status alone where it has none', () => {
    const none: { readonly conditions?: readonly Condition[] } = {};
    expect(withRuntimeConditions(none, undefined, [finding], all).conditions).toHaveLength(1);
    expect(withRuntimeConditions(none, undefined, [finding], { ...all, holdsConditions: false })).toBe(none);
  });

  it('cost nothing where none applies: the status is the very one reported', () => {
    const status = { conditions: [ready] };
    expect(withRuntimeConditions(status, { conditions: [ready] }, [], all)).toBe(status);
  });
});

describe('what an outcome says in conditions', () => {
  it('names who takes what, and at most five of them', () => {
    const contest = { child: 'Service/a', path: '.spec.ports', manager: 'kubectl', retryAfterMs: 1 };
    const [found] = findingsOf(
      [],
      Array.from({ length: 7 }, () => contest),
    );
    expect(found).toMatchObject({ type: 'DriftContested', status: 'True', reason: 'FieldContested' });
    expect(found?.message.match(/kubectl keeps changing \.spec\.ports of Service\/a/g)).toHaveLength(5);
    expect(found?.message).toContain('and 2 more');
  });

  it('names what is left out because its kind is absent', () => {
    const children = [
      { child: 'Service/a', action: 'Unchanged' },
      { child: 'ServiceMonitor/a', action: 'Skipped', detail: 'not installed' },
    ] as const;
    expect(findingsOf(children, [])).toEqual([
      {
        type: 'OptionalKindsMissing',
        status: 'True',
        reason: 'KindsNotInstalled',
        message: 'left out until their kinds are installed: ServiceMonitor/a (not installed)',
      },
    ]);
  });

  it('is nothing when all is well', () => {
    expect(findingsOf([{ child: 'Service/a', action: 'Created' }], [])).toEqual([]);
  });
});

describe('whether a kind has conditions', () => {
  const kind = { group: 'x.dev', version: 'v1', kind: 'X', plural: 'xs', namespaced: true };
  const schema = (status: object) => ({ ...kind, schema: { properties: { status: { properties: status } } } });
  it.each([
    ['in its schema', schema({ conditions: {} }), true],
    ['not in its schema', schema({ phase: {} }), false],
    ['without a schema', kind, false],
  ])('is known when they are %s', (_what, type, has) => {
    expect(holdsConditions(type)).toBe(has);
  });
});
