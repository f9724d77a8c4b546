import { describe, expect, it } from 'vitest';
import { FightLedger } from './fights.ts';
import type { Finding, Taker } from './finding.ts';

const MINUTE = 60_000;

function aLoss(path: string, takenBy: Taker | undefined): Finding {
  return { kind: 'Lost', path, at: [], ...(takenBy !== undefined && { takenBy }) };
}

function aLedger() {
  let now = 1_000_000;
  const ledger = new FightLedger({ clock: { monotonic: () => now } });
  const image = aLoss('.spec.image', { manager: 'rival' });
  return {
    ledger,
    pass: (ms: number) => {
      now += ms;
    },
    taken: (finding: Finding = image, version?: string) => ledger.record('a', [finding], version),
  };
}

describe('FightLedger', () => {
  it('answers three takings within ten minutes at once, and stands back from the fourth', () => {
    const { taken, pass } = aLedger();
    const fights = Array.from({ length: 4 }, () => {
      pass(MINUTE);
      return taken();
    });
    expect(fights).toEqual([
      undefined,
      undefined,
      undefined,
      {
        path: '.spec.image',
        manager: 'rival',
        subresource: undefined,
        kind: 'Contest',
        taken: 4,
        retryAfterMs: MINUTE,
      },
    ]);
  });

  it('does not mind as many takings spread over hours', () => {
    const { taken, pass } = aLedger();
    for (let count = 0; count < 20; count += 1) {
      expect(taken()).toBeUndefined();
      pass(4 * MINUTE);
    }
  });

  it('stands back until the time is over, then applies once, then stands back twice as long', () => {
    const { taken, pass } = aLedger();
    for (let count = 0; count < 4; count += 1) taken();
    pass(20_000);
    expect(taken()?.retryAfterMs).toBe(40_000);
    pass(40_000);
    expect(taken()).toBeUndefined();
    pass(1_000);
    expect(taken()?.retryAfterMs).toBe(2 * MINUTE);
  });

  it('never stands back for longer than 16 minutes', () => {
    const { taken, pass } = aLedger();
    const waits: number[] = [];
    for (let round = 0; round < 80; round += 1) {
      const fight = taken();
      if (fight === undefined) continue;
      waits.push(fight.retryAfterMs / MINUTE);
      pass(fight.retryAfterMs);
    }
    expect(waits.slice(0, 7)).toEqual([1, 2, 4, 8, 16, 16, 16]);
  });

  it('forgets the fight when the field is left alone for ten minutes', () => {
    const { ledger, taken, pass } = aLedger();
    for (let count = 0; count < 4; count += 1) taken();
    pass(11 * MINUTE);
    ledger.record('b', []);
    expect(ledger.size).toBe(0);
    expect([taken(), taken(), taken()]).toEqual([undefined, undefined, undefined]);
  });

  it('counts each manager, each path and each child by itself, and no field that nobody has', () => {
    const { ledger } = aLedger();
    const findings = [aLoss('.a', { manager: 'x' }), aLoss('.b', { manager: 'y' }), aLoss('.c', undefined)];
    for (let count = 0; count < 3; count += 1) {
      expect(ledger.record('a', findings)).toBeUndefined();
      expect(ledger.record('b', findings)).toBeUndefined();
      expect(ledger.record('a', [aLoss('.c', undefined)])).toBeUndefined();
    }
    expect(ledger.record('a', [aLoss('.a', { manager: 'z' })])).toBeUndefined();
    expect(ledger.record('a', [aLoss('.b', { manager: 'y' })])).toMatchObject({ path: '.b', manager: 'y' });
  });

  it('counts one version of an object once, however often it is judged', () => {
    const { taken } = aLedger();
    const loss = aLoss('.spec.image', { manager: 'rival' });
    for (let retry = 0; retry < 10; retry += 1) expect(taken(loss, '7')).toBeUndefined();
  });

  it('knows the autoscaler at once: it is to be respected, not fought', () => {
    const { taken } = aLedger();
    const byAutoscaler = aLoss('.spec.replicas', { manager: 'kube-controller-manager', subresource: 'scale' });
    expect(taken(byAutoscaler)).toMatchObject({
      kind: 'Autoscaler',
      path: '.spec.replicas',
      manager: 'kube-controller-manager',
    });
    expect(taken(aLoss('.spec.replicas', { manager: 'kubectl', subresource: 'scale' }))).toBeUndefined();
  });

  it('forgets a child that is gone', () => {
    const { ledger, taken } = aLedger();
    taken();
    ledger.forget('a');
    expect(ledger.size).toBe(0);
  });
});
