import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { advanceUpgrade, type NodeSighting } from './upgrade.ts';
import { type NodeState, nodeStates, type UpgradeStatus } from './upgrade-status.ts';

const at = (second: number) => `2026-01-01T00:00:${String(second).padStart(2, '0')}Z`;
const node = (name: string, state: NodeState, isChanging = state !== 'Complete'): NodeSighting => ({
  name,
  nodeType: name,
  state,
  isChanging,
});
const reasons = ({ events }: { readonly events: readonly { readonly reason: string }[] }) =>
  events.map(({ reason }) => reason);

/** Plays passes one second apart and returns what each said. */
function play(passes: readonly (readonly NodeSighting[])[], start?: UpgradeStatus) {
  let status = start;
  return passes.map((sightings, second) => {
    const progress = advanceUpgrade(status, sightings, { generation: 2, now: at(second) });
    status = progress.status;
    return progress;
  });
}

const installed: UpgradeStatus = {
  phase: 'Complete',
  generation: 1,
  startedAt: '2025-12-31T23:00:00Z',
  finishedAt: '2025-12-31T23:01:00Z',
  durationSeconds: 60,
  installedAt: '2025-12-31T23:01:00Z',
  nodes: ['data', 'query'].map((name) => ({ name, nodeType: name, state: 'Complete' })),
};

describe('a roll-out', () => {
  it('tells of an installation: its start, every node, its end and how long it took', () => {
    const [first, second] = play([
      [node('data', 'RollingOut'), node('query', 'RollingOut')],
      [node('data', 'Complete', false), node('query', 'Complete', false)],
    ]);
    expect(first && reasons(first)).toEqual(['UpgradeStarted', 'NodeUpgradeStarted', 'NodeUpgradeStarted']);
    expect(first?.status.phase).toBe('Installing');
    expect(second && reasons(second)).toEqual(['NodeUpgradeFinished', 'NodeUpgradeFinished', 'UpgradeFinished']);
    expect(second?.status).toMatchObject({ phase: 'Complete', durationSeconds: 1, installedAt: at(1) });
  });

  it('tells of an upgrade node by node', () => {
    const said = play(
      [
        [node('data', 'RollingOut'), node('query', 'Pending')],
        [node('data', 'RollingOut', false), node('query', 'Pending')],
        [node('data', 'Complete', false), node('query', 'RollingOut')],
        [node('data', 'Complete', false), node('query', 'Complete', false)],
      ],
      installed,
    );
    expect(said.map(reasons)).toEqual([
      ['UpgradeStarted', 'NodeUpgradeStarted'],
      [],
      ['NodeUpgradeStarted', 'NodeUpgradeFinished'].toReversed(),
      ['NodeUpgradeFinished', 'UpgradeFinished'],
    ]);
    expect(said.at(-1)?.status).toMatchObject({
      startedAt: at(0),
      finishedAt: at(3),
      durationSeconds: 3,
      installedAt: installed.installedAt,
      nodes: [
        { name: 'data', startedAt: at(0), finishedAt: at(2) },
        { name: 'query', startedAt: at(2), finishedAt: at(3) },
      ],
    });
  });

  it('is halted by a crashing node, with a warning that names it, and goes on when it is mended', () => {
    const crashing = { ...node('data', 'Crashing', false), message: 'data-0 is in CrashLoopBackOff' };
    const said = play(
      [
        [node('data', 'RollingOut'), node('query', 'Pending')],
        [crashing, node('query', 'Pending')],
        [crashing, node('query', 'Pending')],
        [node('data', 'RollingOut', false), node('query', 'Pending')],
      ],
      installed,
    );
    expect(said.map(reasons)).toEqual([
      ['UpgradeStarted', 'NodeUpgradeStarted'],
      ['UpgradeHalted'],
      [],
      ['UpgradeResumed'],
    ]);
    expect(said[1]?.status.phase).toBe('Halted');
    expect(said[1]?.events[0]?.note).toContain(
      'halted at data (data-0 is in CrashLoopBackOff); 1 nodes keep what they have',
    );
  });

  it('does not begin when a complete cluster merely loses a pod', () => {
    const [progress] = play([[node('data', 'RollingOut', false), node('query', 'Complete')]], installed);
    expect(progress?.events).toEqual([]);
    expect(progress?.status).toMatchObject({ phase: 'Complete', durationSeconds: 60 });
  });

  it('says nothing twice: the same sightings again change neither status nor tell anything', () => {
    const state = fc.constantFrom(...nodeStates);
    const sighting = (name: string) =>
      fc.record({ name: fc.constant(name), nodeType: fc.constant(name), state, isChanging: fc.boolean() });
    const passes = fc.array(fc.tuple(sighting('data'), sighting('query')), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(passes, (sightings) => {
        const last = play(sightings, installed).at(-1);
        const calm = sightings.at(-1)?.map((each) => ({ ...each, isChanging: false })) ?? [];
        const again = advanceUpgrade(last?.status, calm, { generation: 2, now: at(59) });
        expect(again.events).toEqual([]);
        expect(again.status).toEqual(last?.status);
      }),
    );
  });
});
