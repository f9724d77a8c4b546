import { describe, expect, it } from 'vitest';
import { aCluster } from '../a-cluster.fixture.ts';
import { rebootstrapAdminAnnotation } from '../annotations.ts';
import type { Rebootstrap } from './admin-standing.ts';
import { advance, begin, begins, type Remains } from './advance.ts';

const since = '2026-01-01T00:00:00Z';
const now = '2026-01-01T00:10:00Z';
const at = (step: Rebootstrap['step'], of = since): Rebootstrap => ({ from: 1, to: 3, step, since: of });
const asking = (replicas: number) => aCluster({ spec: { admin: { replicas } } });

const running: Remains = { isStopped: false, latestVolume: 0, isServing: false, isReplayed: false };
const stopped = { ...running, isStopped: true };
const serving = { ...running, isServing: true };
const replayed = { ...serving, isReplayed: true };
const before = { bootstrapped: 1, adminEpoch: 4 };
const after = { bootstrapped: 3, adminEpoch: 5 };

describe('the next step of bootstrapping prism-admin anew', () => {
  it.each<[string, number, Rebootstrap['step'], Remains, object]>([
    ['waits for former members to stop', 3, 'Stopping', running, { ...before, rebootstrap: at('Stopping') }],
    ['starts new ones in the next epoch', 3, 'Stopping', stopped, { ...after, rebootstrap: at('Starting', now) }],
    [
      'starts them in an epoch of which there is no volume',
      3,
      'Stopping',
      { ...stopped, latestVolume: 7 },
      { bootstrapped: 3, adminEpoch: 8, rebootstrap: at('Starting', now) },
    ],
    ['goes back while former members stop', 1, 'Stopping', running, { ...before, rebootstrap: undefined }],
    ['goes back also when all have stopped', 1, 'Stopping', stopped, { ...before, rebootstrap: undefined }],
    ['is of the change that was agreed to', 5, 'Stopping', stopped, { ...after, rebootstrap: at('Starting', now) }],
    ['waits for new members to serve', 3, 'Starting', running, { ...after, rebootstrap: at('Starting') }],
    [
      'does not take namespaces for members',
      3,
      'Starting',
      { ...running, isReplayed: true },
      { ...after, rebootstrap: at('Starting') },
    ],
    ['replays when they serve', 3, 'Starting', serving, { ...after, rebootstrap: at('Replaying', now) }],
    ['is none where there is nothing to replay', 3, 'Starting', replayed, { ...after, rebootstrap: undefined }],
    ['never turns back once new members start', 1, 'Starting', stopped, { ...after, rebootstrap: at('Starting') }],
    ['waits for every namespace', 3, 'Replaying', serving, { ...after, rebootstrap: at('Replaying') }],
    ['is none when all are there', 3, 'Replaying', replayed, { ...after, rebootstrap: undefined }],
  ])('%s', (_what, replicas, step, remains, expected) => {
    const standing = { ...(step === 'Stopping' ? before : after), rebootstrap: at(step) };
    expect(advance(asking(replicas), standing, remains, now)).toEqual(expected);
  });
});

describe('bootstrapping prism-admin anew', () => {
  it.each<[string, Rebootstrap['step'] | undefined, string, boolean]>([
    ['nothing is under way', undefined, '3->5', true],
    ['former members stop', 'Stopping', '3->5', false],
    ['new members never come to serve', 'Starting', '3->5', true],
    ['a namespace never comes back', 'Replaying', '3->5', true],
    ['another number is asked for than was agreed to', undefined, '3->1', false],
  ])('begins when %s: %s, %s', (_when, step, agreed, expected) => {
    const cluster = asking(5);
    const annotations = { [rebootstrapAdminAnnotation]: agreed };
    const standing = { ...after, rebootstrap: step && at(step) };
    expect(begins({ ...cluster, metadata: { ...cluster.metadata, annotations } }, standing)).toBe(expected);
  });

  it('begins with its first step in the status, and everything else as it was', () => {
    expect(begin(asking(5), { ...after, rebootstrap: undefined }, now)).toEqual({
      ...after,
      rebootstrap: { from: 3, to: 5, step: 'Stopping', since: now },
    });
  });
});
