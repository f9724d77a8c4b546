import { ConfigMap, type ReflectorHealth, StatefulSet } from '@capstan/kube';
import { describe, expect, it } from 'vitest';
import type { Watching } from '../controller/controller.ts';
import { informerChecks } from './health-server.ts';

interface Told {
  readonly isSynced?: boolean;
  readonly lastContactAgeMs?: number;
  readonly namespace?: string;
}

/** Only what a check looks at; the rest of a watch is never asked for. */
function watching(type: Watching['type'], { isSynced = true, lastContactAgeMs = 0, namespace }: Told): Watching {
  const health = (): Partial<ReflectorHealth> => ({ lastContactAgeMs });
  return { type, isSynced, namespace, health } as Partial<Watching> as Watching;
}

function problemsOf(...informers: readonly Watching[]): Readonly<Record<string, string | undefined>> {
  const checks = informerChecks([{ informers: () => informers }], 300_000);
  return Object.fromEntries(checks.map(({ name, problem }) => [name, problem()]));
}

describe('readiness', () => {
  it('is one check per kind, however many watch it', () => {
    const informers = [watching(StatefulSet, {}), watching(ConfigMap, {}), watching(ConfigMap, { namespace: 'b' })];
    expect(problemsOf(...informers)).toEqual({
      'informer/StatefulSet.apps': undefined,
      'informer/ConfigMap': undefined,
    });
  });

  it('waits for the first snapshot of every namespace', () => {
    const informers = [
      watching(ConfigMap, { namespace: 'a' }),
      watching(ConfigMap, { namespace: 'b', isSynced: false }),
    ];
    expect(problemsOf(...informers)).toEqual({
      'informer/ConfigMap': 'not synced in namespace b: the first snapshot is not complete',
    });
  });

  it('ends when a watch has heard nothing for too long', () => {
    expect(problemsOf(watching(ConfigMap, { lastContactAgeMs: 300_000 }))).toEqual({ 'informer/ConfigMap': undefined });
    expect(problemsOf(watching(ConfigMap, { lastContactAgeMs: 312_400 }))).toEqual({
      'informer/ConfigMap': 'stale: the API server was not heard for 312 s',
    });
  });
});
