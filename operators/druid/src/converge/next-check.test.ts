import { minutes, seconds } from '@capstan/runtime';
import { describe, expect, it } from 'vitest';
import type { Aspect, Seen } from './memory.ts';
import { nextCheck } from './next-check.ts';

/** How often each aspect is looked at in so much time. */
function looksAt(aspects: readonly Aspect[], pollMs: number, forMs: number = minutes(60)): ReadonlyMap<Aspect, number> {
  const seen = new Map<Aspect, Seen>(aspects.map((aspect) => [aspect, { key: '', shown: '', checkedAtMs: 0 }]));
  const looks = new Map<Aspect, number>();
  for (let nowMs = pollMs; nowMs <= forMs; nowMs += pollMs) {
    const aspect = nextCheck(seen, nowMs);
    looks.set(aspect, (looks.get(aspect) ?? 0) + 1);
    if (seen.has(aspect)) seen.set(aspect, { key: '', shown: '', checkedAtMs: nowMs });
  }
  return looks;
}

const all: readonly Aspect[] = [
  ...(['supervisor', 'state', 'rules', 'compaction'] as const),
  ...(['coordinator configuration', 'overlord configuration'] as const),
];
const lookups = (count: number): readonly Aspect[] =>
  Array.from({ length: count }, (_, at) => `lookup t/${at}` as const);

describe('what is looked at next', () => {
  it('is the supervisor every minute, and its state in between', () => {
    expect(Object.fromEntries(looksAt(['supervisor', 'state'], seconds(30)))).toEqual({ supervisor: 60, state: 60 });
  });

  it('is all in turn, however many lookups there are', () => {
    const looks = looksAt([...all, ...lookups(100)], seconds(30), minutes(600));
    const ofLookups = lookups(100).map((lookup) => looks.get(lookup) ?? 0);
    expect(Math.min(...ofLookups)).toBeGreaterThanOrEqual(1);
    expect(Math.max(...ofLookups)).toBeLessThanOrEqual(2);
    expect(looks.get('supervisor')).toBeGreaterThan(400);
    expect(looks.get('state')).toBeGreaterThan(200);
    expect(looks.get('rules')).toBeGreaterThan(80);
  });

  it('is each of a few lookups about once in five minutes', () => {
    const looks = looksAt(['supervisor', 'state', ...lookups(2)], seconds(30));
    for (const lookup of lookups(2)) expect(looks.get(lookup)).toBeGreaterThanOrEqual(10);
  });

  it('is not a supervisor whose spec Druid refuses, but for every ten minutes', () => {
    const refusal = { reason: 'SpecRejected', message: 'no' } as const;
    const seen = { key: '', shown: undefined, checkedAtMs: 0, refusal };
    const known = new Map<Aspect, Seen>([['supervisor', seen]]);
    expect([nextCheck(known, minutes(9)), nextCheck(known, minutes(10))]).toEqual(['state', 'supervisor']);
  });

  it('is what there is, of a task that is over', () => {
    expect(Object.fromEntries(looksAt(['rules', 'lookup t/0'], minutes(5)))).toEqual({ rules: 6, 'lookup t/0': 6 });
  });

  it('is what was looked at by a clock that was ahead, now that it is right', () => {
    const seen = new Map<Aspect, Seen>([
      ['supervisor', { key: '', shown: '', checkedAtMs: minutes(60) }],
      ['state', { key: '', shown: '', checkedAtMs: 0 }],
    ]);
    expect(nextCheck(seen, seconds(1))).toBe('supervisor');
  });
});
