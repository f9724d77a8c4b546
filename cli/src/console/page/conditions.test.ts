import { describe, expect, it } from 'vitest';
import type { ConditionView } from '../api.ts';
import { inOrder, toneOf } from './conditions.js';

function condition(type: string, status: ConditionView['status'], isCurrent = true): ConditionView {
  return { type, status, reason: 'AsItIs', message: '', since: '2026-11-28T10:00:00Z', isCurrent };
}

describe('a condition', () => {
  it.each([
    ['Ready', 'True', 'good'],
    ['Ready', 'False', 'bad'],
    ['Ready', 'Unknown', 'plain'],
    ['Stalled', 'True', 'bad'],
    ['Stalled', 'False', 'plain'],
    ['Reconciling', 'True', 'busy'],
    ['Reconciling', 'False', 'plain'],
    ['QuorumHealthy', 'False', 'plain'],
  ] as const)('%s=%s reads %s', (type, status, tone) => {
    expect(toneOf(condition(type, status))).toBe(tone);
  });

  it('of an earlier generation is neither good nor bad', () => {
    expect(toneOf(condition('Ready', 'True', false))).toBe('plain');
  });
});

describe('conditions', () => {
  it('begin with Ready, then what is wrong, then what is under way', () => {
    const types = ['Accepted', 'Reconciling', 'Stalled', 'Ready', 'Zoned'].map((type) => condition(type, 'True'));
    expect(inOrder(types).map(({ type }) => type)).toEqual(['Ready', 'Stalled', 'Reconciling', 'Accepted', 'Zoned']);
  });
});
