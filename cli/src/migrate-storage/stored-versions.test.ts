import type { CustomResourceDefinition } from '@capstan/kube';
import { expect, test } from 'vitest';
import { storedVersionsOf } from './stored-versions.ts';

interface Told {
  readonly versions: Readonly<Record<string, 'stored' | 'served' | 'unserved' | 'stored, unserved'>>;
  readonly stored: readonly string[];
  readonly deleted?: boolean;
}

function definition({ versions, stored, deleted = false }: Told): CustomResourceDefinition {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'crates.x.dev', ...(deleted && { deletionTimestamp: '2026-01-01T00:00:00Z' }) },
    spec: {
      group: 'x.dev',
      names: { kind: 'Crate', plural: 'crates' },
      scope: 'Namespaced',
      versions: Object.entries(versions).map(([name, how]) => ({
        name,
        served: !how.includes('unserved'),
        storage: how.startsWith('stored'),
      })),
    },
    status: { storedVersions: stored },
  };
}

const crate = (version: string) => ({ group: 'x.dev', version, kind: 'Crate', plural: 'crates', namespaced: true });

test.each<[string, Told, object]>([
  [
    'only the storage version is up to date',
    { versions: { v1: 'served', v2: 'stored' }, stored: ['v2'] },
    { kind: 'UpToDate', storage: 'v2' },
  ],
  [
    'no stored version at all is up to date: there was never an object',
    { versions: { v1: 'stored' }, stored: [] },
    { kind: 'UpToDate', storage: 'v1' },
  ],
  [
    'a former version is pending, written in the storage version',
    { versions: { v1: 'served', v2: 'stored' }, stored: ['v1', 'v2'] },
    { kind: 'Pending', storage: 'v2', former: ['v1'], type: crate('v2'), other: crate('v1') },
  ],
  [
    'after a downgrade the newer version is the former one',
    { versions: { v1: 'stored', v2: 'served' }, stored: ['v2', 'v1'] },
    { kind: 'Pending', storage: 'v1', former: ['v2'], type: crate('v1'), other: crate('v2') },
  ],
  [
    'a storage version that is not served is written through another one',
    { versions: { v1: 'served', v2: 'stored, unserved' }, stored: ['v1', 'v2'] },
    { kind: 'Pending', storage: 'v2', former: ['v1'], type: crate('v1'), other: crate('v1') },
  ],
  [
    'a single served version has no other',
    { versions: { v1: 'unserved', v2: 'stored' }, stored: ['v1', 'v2'] },
    { kind: 'Pending', storage: 'v2', former: ['v1'], type: crate('v2') },
  ],
  [
    'without a served version nothing can be read',
    { versions: { v1: 'unserved', v2: 'stored, unserved' }, stored: ['v1', 'v2'] },
    { kind: 'Impossible', why: 'no version of it is served: set served: true for one of them' },
  ],
  [
    'a definition that is being deleted is left alone',
    { versions: { v1: 'served', v2: 'stored' }, stored: ['v1', 'v2'], deleted: true },
    { kind: 'Impossible', why: 'it is being deleted: wait until it is gone, or take its finalizers off' },
  ],
])('%s', (_, told, expected) => {
  expect(storedVersionsOf(definition(told))).toEqual(expected);
});
