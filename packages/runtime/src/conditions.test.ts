import type { Condition } from '@capstan/kube';
import { describe, expect, it } from 'vitest';
import { conditionOf, setConditions, standardConditions } from './conditions.ts';

const before = '2026-01-01T00:00:00Z';
const now = '2026-01-01T01:00:00Z';

function aCondition(overrides: Partial<Condition> = {}): Condition {
  return {
    type: 'Ready',
    status: 'True',
    reason: 'AllReady',
    message: '3 of 3',
    lastTransitionTime: before,
    observedGeneration: 1,
    ...overrides,
  };
}

function wanted(overrides: Partial<Condition> = {}) {
  const { lastTransitionTime: _time, observedGeneration: _generation, ...rest } = aCondition(overrides);
  return rest;
}

describe('conditions after a pass', () => {
  it('are the previous ones when nothing else is said, whatever the time', () => {
    expect(setConditions([aCondition()], [wanted()], { now, observedGeneration: 1 })).toEqual([aCondition()]);
  });

  it('keep their transition time while only words and generation change', () => {
    const after = setConditions([aCondition()], [wanted({ reason: 'Scaled', message: '5 of 5' })], {
      now,
      observedGeneration: 2,
    });
    expect(after).toEqual([aCondition({ reason: 'Scaled', message: '5 of 5', observedGeneration: 2 })]);
  });

  it.each(['False', 'Unknown'] as const)('move their transition time when the status turns %s', (status) => {
    const after = setConditions([aCondition()], [wanted({ status })], { now, observedGeneration: 1 });
    expect(after).toEqual([aCondition({ status, lastTransitionTime: now })]);
  });

  it('are sorted by type, in whatever order they are said', () => {
    const types = (order: string[]) =>
      setConditions(
        [aCondition({ type: 'Foreign' })],
        order.map((type) => wanted({ type })),
        { now },
      ).map(({ type }) => type);
    expect(types(['Stalled', 'Ready', 'Available'])).toEqual(['Available', 'Foreign', 'Ready', 'Stalled']);
    expect(types(['Ready', 'Available', 'Stalled'])).toEqual(['Available', 'Foreign', 'Ready', 'Stalled']);
  });

  it('keep those of other writers as they are', () => {
    const foreign = { ...aCondition({ type: 'acme.com/Audited', observedGeneration: 7 }), note: 'unknown field' };
    expect(setConditions([foreign], [wanted()], { now, observedGeneration: 9 })).toContainEqual(foreign);
  });

  it('lose those of ours that are no longer said, and only them', () => {
    const previous = [aCondition({ type: 'Draining' }), aCondition({ type: 'Foreign' })];
    const after = setConditions(previous, [wanted()], { now, owned: ['Ready', 'Draining'] });
    expect(after.map(({ type }) => type)).toEqual(['Foreign', 'Ready']);
  });

  it('keep the transition time of an owned type that is said again', () => {
    expect(setConditions([aCondition()], [wanted()], { now, observedGeneration: 1, owned: ['Ready'] })).toEqual([
      aCondition(),
    ]);
  });

  it('start now, without a generation where none was read', () => {
    const { observedGeneration: _none, ...expected } = aCondition({ lastTransitionTime: now });
    expect(setConditions(undefined, [wanted()], { now })).toEqual([expected]);
  });

  it('cut a message that is longer than the API takes', () => {
    const [condition] = setConditions([], [wanted({ message: 'x'.repeat(40_000) })], { now });
    expect(condition?.message).toHaveLength(32_768);
  });

  it.each([
    { says: 'a type with a blank', conditions: [wanted({ type: 'Not Ready' })] },
    { says: 'an empty reason', conditions: [wanted({ reason: '' })] },
    { says: 'a sentence as reason', conditions: [wanted({ reason: 'It is ready.' })] },
    { says: 'a type twice', conditions: [wanted(), wanted()] },
  ])('refuse $says', ({ conditions }) => {
    expect(() => setConditions([], conditions, { now })).toThrow(TypeError);
  });
});

describe('the standard conditions', () => {
  it.each([
    { is: 'Ready' as const, statuses: { Ready: 'True', Reconciling: 'False', Stalled: 'False' } },
    { is: 'Reconciling' as const, statuses: { Ready: 'False', Reconciling: 'True', Stalled: 'False' } },
    { is: 'Stalled' as const, statuses: { Ready: 'False', Reconciling: 'False', Stalled: 'True' } },
  ])('of a $is resource say so once', ({ is, statuses }) => {
    const conditions = setConditions([], standardConditions({ is, reason: 'Why', message: 'so' }), { now });
    expect(Object.fromEntries(conditions.map(({ type, status }) => [type, status]))).toEqual(statuses);
  });
});

describe('a condition', () => {
  it('is found by its type', () => {
    expect([
      conditionOf([aCondition()], 'Ready'),
      conditionOf([aCondition()], 'Stalled'),
      conditionOf(undefined, 'Ready'),
    ]).toEqual([aCondition(), undefined, undefined]);
  });
});
