import { describe, expect, it } from 'vitest';
import { DruidGate } from './druid-gate.ts';

/** A gate whose places are all taken. */
async function fullGate(places = 2): Promise<DruidGate> {
  const gate = new DruidGate(places);
  for (let count = 0; count < places; count += 1) await gate.enter();
  return gate;
}

describe('the gate of a Druid', () => {
  it('lets as many in as it has places, and the others in their order as places get free', async () => {
    const gate = await fullGate();
    const entered: string[] = [];
    const calls = ['first', 'second'].map(async (name) => {
      await gate.enter();
      entered.push(name);
    });
    expect(entered).toEqual([]);
    gate.leave('Answered');
    await calls[0];
    expect(entered).toEqual(['first']);
    gate.leave('Answered');
    await calls[1];
    expect(entered).toEqual(['first', 'second']);
  });

  it('sends everybody away who waits for a Druid that turns out to be silent', async () => {
    const gate = await fullGate();
    const waiting = [gate.enter(), gate.enter()];
    gate.leave('Silent');
    expect(await Promise.all(waiting)).toEqual(['Busy', 'Busy']);
  });

  it('has nobody wait for a silent Druid, but lets those try for whom there is a place', async () => {
    const gate = await fullGate();
    gate.leave('Silent');
    expect(await gate.enter()).toBe('Entered');
    expect(await gate.enter()).toBe('Busy');
  });

  it('has people wait again once Druid answers', async () => {
    const gate = await fullGate();
    gate.leave('Silent');
    await gate.enter();
    gate.leave('Answered');
    await gate.enter();
    const waiting = gate.enter();
    gate.leave('Answered');
    expect(await waiting).toBe('Entered');
  });

  it('learns nothing from who gives up', async () => {
    const gate = await fullGate();
    const waiting = gate.enter();
    gate.leave('GivenUp');
    expect(await waiting).toBe('Entered');
    gate.leave('Silent');
    await gate.enter();
    gate.leave('GivenUp');
    await gate.enter();
    expect(await gate.enter()).toBe('Busy');
  });

  it('forgets who stops waiting, and never gives them a place', async () => {
    const gate = await fullGate();
    const pass = new AbortController();
    const gone = gate.enter(pass.signal);
    const staying = gate.enter();
    pass.abort(new Error('the pass is over'));
    await expect(gone).rejects.toThrow('the pass is over');
    await expect(gate.enter(pass.signal)).rejects.toThrow('the pass is over');
    gate.leave('Answered');
    expect(await staying).toBe('Entered');
  });

  it('is idle when all have left', async () => {
    const gate = await fullGate();
    gate.leave('Answered');
    expect(gate.isIdle).toBe(false);
    gate.leave('Silent');
    expect(gate.isIdle).toBe(true);
  });
});
