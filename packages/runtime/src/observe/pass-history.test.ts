import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aPass } from './a-pass.fixture.ts';
import { PassHistory } from './pass-history.ts';

const kind = 'Thing.test.capstan.dev';

describe('the history of passes', () => {
  it('tells the passes of an object as they were, oldest first', () => {
    const history = new PassHistory();
    const [first, second] = [aPass({ name: 'a', reconcileID: '1' }), aPass({ name: 'a', reconcileID: '2' })];
    for (const pass of [first, aPass({ name: 'b' }), second]) history.record(pass);
    expect(history.of({ kind, namespace: 'default', name: 'a' })).toEqual({
      object: { kind, namespace: 'default', name: 'a' },
      passes: [first, second],
    });
  });

  it('keeps the last ones of each object', () => {
    const history = new PassHistory({ passesPerObject: 2 });
    for (const reconcileID of ['1', '2', '3']) history.record(aPass({ name: 'a', reconcileID }));
    const ids = history.of({ kind, namespace: 'default', name: 'a' })?.passes.map((pass) => pass.reconcileID);
    expect(ids).toEqual(['2', '3']);
  });

  it('drops the object whose last pass is longest ago', () => {
    const history = new PassHistory({ objects: 2 });
    for (const name of ['a', 'b', 'a', 'c']) history.record(aPass({ name }));
    expect(history.list().map(({ object }) => object.name)).toEqual(['c', 'a']);
  });

  it('tells cluster-scoped objects from those in a namespace', () => {
    const history = new PassHistory();
    history.record(aPass({ name: 'a' }));
    expect(history.of({ kind, name: 'a' })).toBeUndefined();
  });

  it('cuts a pass over a thousand children short, and keeps what was done rather than what was not', () => {
    const history = new PassHistory();
    const unchanged = Array.from(
      { length: 1_000 },
      (_, index) => ({ child: `Pod/${index}`, action: 'Unchanged' }) as const,
    );
    history.record(aPass({ name: 'a', children: [...unchanged, { child: 'Pod/x', action: 'Created' }] }));
    const [pass] = history.of({ kind, namespace: 'default', name: 'a' })?.passes ?? [];
    expect(pass?.children).toHaveLength(100);
    expect(pass?.children[0]).toEqual({ child: 'Pod/x', action: 'Created' });
    expect(pass?.omitted).toEqual({ reads: 0, calls: 0, children: 901 });
  });

  it('cuts a pass that deleted very much short, and says by how much', () => {
    const history = new PassHistory();
    const removals = Array.from(
      { length: 150 },
      (_, index) => ({ kind: 'Pod', name: `p-${index}`, result: 'Removed' }) as const,
    );
    history.record(aPass({ name: 'a', removals }));
    const [pass] = history.of({ kind, namespace: 'default', name: 'a' })?.passes ?? [];
    expect([pass?.removals?.length, pass?.omitted?.removals]).toEqual([100, 50]);
  });

  it('never holds more than it may, and always the latest pass', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ name: fc.constantFrom('a', 'b', 'c'), length: fc.nat(3_000) }), { minLength: 1 }),
        (passes) => {
          const history = new PassHistory({ bytes: 4_000, objects: 2, passesPerObject: 3 });
          for (const { name, length } of passes) {
            const error = 'x'.repeat(length);
            history.record(aPass({ name, error }));
            expect(history.bytes).toBeLessThanOrEqual(4_000);
            expect(history.of({ kind, namespace: 'default', name })?.passes.at(-1)?.error).toBe(error);
          }
          const told = history.list().flatMap(({ object }) => history.of(object)?.passes ?? []);
          expect(JSON.stringify(told).length).toBeLessThanOrEqual(history.bytes + told.length + 2);
        },
      ),
    );
  });
});
