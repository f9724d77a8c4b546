import { apiVersionOf } from '@capstan/kube';
import { describe, expect, it } from 'vitest';
import { subjects } from './subjects.ts';

const ref = { namespace: 'bench', name: 'bench-0001' };

describe.each(subjects)('the bench of $title', ({ kind, draft, isRunning }) => {
  const identity = { apiVersion: apiVersionOf(kind), kind: kind.kind, metadata: ref };

  it('makes clusters of its kind that differ in nothing but the name', async () => {
    const make = await draft();
    const made = make(ref);
    expect(made).toMatchObject(identity);
    const other = { ...ref, name: 'bench-0002' };
    expect(make(other)).toEqual({ ...made, metadata: other });
  });

  it('takes a cluster for running by its phase', () => {
    const inPhase = (phase: string) => ({ ...identity, status: { phase } });
    expect(isRunning(identity)).toBe(false);
    expect(isRunning(inPhase('Degraded'))).toBe(false);
    expect(isRunning(inPhase('Running'))).toBe(true);
  });
});
