import { describe, expect, it } from 'vitest';
import { minutes, seconds } from '../duration.ts';
import type { Resource } from './reconciler.ts';
import { patienceOf } from './status-writer.ts';

interface Status {
  readonly phase?: string;
  readonly ready?: number;
  readonly seen?: number;
  readonly conditions?: readonly object[];
}
type Thing = Resource & { readonly status?: Status };

const unhurried = { ready: seconds(5), seen: minutes(1) };
const settled: Status = {
  phase: 'Running',
  ready: 1,
  seen: 1,
  conditions: [{ type: 'Ready', status: 'True', reason: 'AllUp', message: 'one', lastTransitionTime: 'then' }],
};

describe('a status that differs from the one last written', () => {
  it.each<{ what: string; status: Status; waits: number }>([
    { what: 'the phase', status: { ...settled, phase: 'Degraded' }, waits: 0 },
    { what: 'a counter', status: { ...settled, ready: 2 }, waits: 5_000 },
    { what: 'a field that nobody watches', status: { ...settled, seen: 2 }, waits: 60_000 },
    { what: 'a counter and such a field', status: { ...settled, ready: 2, seen: 2 }, waits: 5_000 },
    { what: 'a counter and the phase', status: { ...settled, ready: 2, phase: 'Degraded' }, waits: 0 },
    { what: 'a field that is gone', status: { ready: 1, seen: 1, conditions: settled.conditions ?? [] }, waits: 0 },
    {
      what: 'the wording of a condition',
      status: { ...settled, conditions: [condition({ message: 'two' })] },
      waits: 5_000,
    },
    {
      what: 'the reason of a condition',
      status: { ...settled, conditions: [condition({ reason: 'Other' })] },
      waits: 0,
    },
    {
      what: 'one condition more',
      status: { ...settled, conditions: [condition({}), condition({ type: 'New' })] },
      waits: 0,
    },
  ])('in $what may wait $waits ms', ({ status, waits }) => {
    expect(patienceOf<Thing>(settled, { status, unhurried })).toBe(waits);
  });
});

function condition(over: object): object {
  return { type: 'Ready', status: 'True', reason: 'AllUp', message: 'one', lastTransitionTime: 'now', ...over };
}
