import { ConfigMap, StatefulSet, systemClock } from '@capstan/kube';
import type { RunnerView, Watching } from '../../controller/controller.ts';
import { Feed } from '../../feed.ts';
import type { ManagerContext } from '../../runnable.ts';
import type { PassRecord } from '../pass-record.ts';

/** What metrics look at of a manager with one controller, and the feeds to speak into. */
export function metricsContext() {
  const rethrow = (error: unknown) => {
    throw error;
  };
  const passes = new Feed<PassRecord>(rethrow);
  const hotLoops = new Feed<PassRecord>(rethrow);
  const calls: ManagerContext['calls'] = new Feed(rethrow);
  const health = () => ({ lastContactAgeMs: 2_000, relists: { Start: 1, Expired: 2 }, reconnects: 3 });
  const watch = { type: ConfigMap, isSynced: true, size: 7, health } as unknown as Watching; // all that is read of it
  const runner: RunnerView = {
    name: 'thing-operator',
    kind: StatefulSet,
    concurrency: 16,
    informers: () => [watch],
    queueDepth: () => ({
      ...{
        ready: 1,
        delayed: 2,
        running: 3,
        stuck: 0,
        oldestReadyMs: 0,
        added: 9,
        unfinishedMs: 4_000,
        longestMs: 3_000,
      },
    }),
  };
  const context = {
    ...{ passes, hotLoops, calls, runners: [runner], fence: { isHeld: true }, clock: systemClock },
    connection: { server: 'https://10.0.0.1:6443' },
  } as unknown as ManagerContext; // all that metrics read of it
  return { context, passes, hotLoops, calls };
}
