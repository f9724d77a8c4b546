import { describe, expect, it } from 'vitest';
import { claimChanges } from './claim-growth.ts';

const claim = (name: string, storage: string, more: object = {}) => ({
  metadata: { name },
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage } }, ...more },
});
/** As the server stores it. */
const stored = (name: string, storage: string) => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  status: { phase: 'Pending' },
  ...claim(name, storage, { volumeMode: 'Filesystem' }),
});
const set = (...volumeClaimTemplates: readonly object[]) => ({ spec: { volumeClaimTemplates } });
const none = { grown: [], shrunk: [], others: [] };

describe('claim templates', () => {
  it.each([
    ['are the same, however the server writes them', set(claim('data', '1Gi')), set(stored('data', '1024Mi')), none],
    [
      'have grown',
      set(claim('data', '2Gi'), claim('log', '1Gi')),
      set(stored('data', '1Gi'), stored('log', '1Gi')),
      { ...none, grown: [{ template: 'data', from: '1Gi', to: '2Gi' }] },
    ],
    [
      'have shrunk',
      set(claim('data', '512Mi')),
      set(stored('data', '1Gi')),
      { ...none, shrunk: [{ template: 'data', from: '1Gi', to: '512Mi' }] },
    ],
    [
      'differ in something else',
      set(claim('data', '1Gi', { storageClassName: 'fast' })),
      set(stored('data', '1Gi')),
      { ...none, others: ['data'] },
    ],
    [
      'were added and removed',
      set(claim('new', '1Gi')),
      set(stored('old', '1Gi')),
      { ...none, others: ['new', 'old'] },
    ],
    ['are none', { spec: {} }, { spec: {} }, none],
  ])('%s', (_title, wanted, live, expected) => {
    expect(claimChanges(wanted, live)).toEqual(expected);
  });
});
