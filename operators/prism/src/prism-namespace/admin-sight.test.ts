import { describe, expect, it } from 'vitest';
import { aClusterWithPatterns, anAdminPod } from './a-namespace.fixture.ts';
import { adminSightOf, hasQuorum, isWhole } from './admin-sight.ts';

const three = aClusterWithPatterns({ admin: { replicas: 3 } });
const pods = (...names: readonly string[]) => names.map((name) => anAdminPod(name));

describe('the pods of prism-admin', () => {
  it.each([
    [0, false, false],
    [1, false, false],
    [2, true, false],
    [3, true, true],
  ])('of three members %i are ready: can be written to %s, all there %s', (ready, quorum, whole) => {
    const sight = adminSightOf(three, pods(...['a', 'b', 'c'].slice(0, ready)));
    expect([hasQuorum(sight), isWhole(sight)]).toEqual([quorum, whole]);
  });

  it('are as many as the raft group was made with, whatever the spec says by now', () => {
    expect(adminSightOf(aClusterWithPatterns({}, { bootstrappedAdminReplicas: 5 }), []).members).toBe(5);
  });

  it('are the same whatever their order, and others after any restart', () => {
    const of = (...all: Parameters<typeof adminSightOf>[1]) => adminSightOf(three, all).incarnation;
    const [a, b, c] = ['a', 'b', 'c'].map((name) => anAdminPod(name));
    const [, again] = ['a', 'b'].map((name) => anAdminPod(name, { restarts: 1 }));
    if (a === undefined || b === undefined || c === undefined || again === undefined) throw new Error('no pods');
    expect(of(a, b)).toBe(of(b, a));
    expect(new Set([of(a), of(b), of(a, b), of(a, again), of(a, b, c), of()]).size).toBe(6);
  });

  it('count only while they are ready and not on their way out', () => {
    const leaving = anAdminPod('a');
    const gone = { ...leaving, metadata: { ...leaving.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' } };
    expect(adminSightOf(three, [gone, anAdminPod('b', { isReady: false })]).ready).toBe(0);
  });
});
