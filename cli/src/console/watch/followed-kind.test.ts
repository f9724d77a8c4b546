import { ApiError, ConfigMap, type KubeClient, TransportError, type WatchEvent } from '@capstan/kube';
import { FakeClock } from '@capstan/testkit';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { FollowedKind } from './followed-kind.ts';

const object = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { namespace: 'n', name: 'a', uid: 'u', resourceVersion: '1' },
};
const added: WatchEvent = { type: 'ADDED', object };
const modified: WatchEvent = {
  type: 'MODIFIED',
  object: { ...object, metadata: { ...object.metadata, resourceVersion: '3' } },
};
const complete: WatchEvent = { type: 'BOOKMARK', resourceVersion: '2', initialEventsEnd: true };

/** What one watch brings, step by step: events, moments to wait for, in the end an error or nothing more. */
type Brought = readonly (WatchEvent | Promise<void> | Error)[];

let clock: FakeClock;
let stop: AbortController;
let refusals: number;
/** The watches to come; after the last one nothing more is brought. */
let script: Brought[];
let kind: FollowedKind;
let running: Promise<void>;

beforeEach(() => {
  [clock, stop, refusals, script] = [new FakeClock(), new AbortController(), 0, []];
});
afterEach(async () => {
  stop.abort();
  await running;
  expect(clock.pendingTimers).toBe(0);
});

async function* watch(_type: unknown, { signal }: { readonly signal?: AbortSignal } = {}): AsyncGenerator<WatchEvent> {
  for (const step of script.shift() ?? []) {
    if (step instanceof Error) throw step;
    if (step instanceof Promise) await step;
    else yield step;
  }
  await new Promise<void>((resolve) => signal?.addEventListener('abort', () => resolve(), { once: true }));
}

/** Follows a server that brings this. */
function follow(...brought: readonly Brought[]): void {
  script = [...brought];
  kind = new FollowedKind({
    // All that a watch that streams its snapshot asks of a client.
    client: { watch } as unknown as KubeClient,
    kind: { type: ConfigMap, isCustom: false, metadataOnly: true },
    ...{ namespace: undefined, clock, onChange: () => {} },
    onRefused: () => {
      refusals += 1;
    },
  });
  running = kind.run(stop.signal);
}

const refusal = (status: number, reason: string) => new ApiError({ status, reason, message: reason });
const noAnswer = new TransportError('connection refused', { maySent: false });
const becomes = (standing: object) => vi.waitFor(() => expect(kind.standing).toEqual(standing), { timeout: 5_000 });

describe('a kind that is followed', () => {
  test('is live once all its objects are known', async () => {
    follow([added, complete]);
    expect(kind.standing).toEqual({ is: 'Asked' });
    await kind.settled;
    await becomes({ is: 'Live' });
    expect(kind.objects.map(({ metadata }) => metadata.name)).toEqual(['a']);
  });

  test('is hidden while it may not be seen, and looked for again', async () => {
    follow([refusal(403, 'Forbidden')], [added, complete]);
    await becomes({ is: 'Hidden', why: 'you may not see it: ask for list and watch of configmaps' });
    expect(kind.objects).toEqual([]);
    await clock.advance(15_000);
    await becomes({ is: 'Live' });
    expect(kind.objects).toHaveLength(1);
  });

  test('is hidden when it is not installed', async () => {
    follow([refusal(404, 'NotFound')]);
    await becomes({ is: 'Hidden', why: 'it is not installed in this cluster in version v1' });
  });

  test('stays live through one failure, is stale after two, and live again with the next news', async () => {
    const [first, second, third] = [1, 2, 3].map(() => Promise.withResolvers<void>());
    const until = (gate: typeof first) => gate?.promise ?? Promise.resolve();
    follow([added, complete, until(first), noAnswer], [until(second), noAnswer], [until(third), modified]);
    await becomes({ is: 'Live' });
    first?.resolve();
    // The second watch has begun, so the first has failed.
    await vi.waitFor(() => expect(script).toHaveLength(1), { timeout: 5_000 });
    expect(kind.standing).toEqual({ is: 'Live' });
    second?.resolve();
    await becomes({ is: 'Stale', since: clock.now(), why: 'connection refused' });
    expect(kind.objects).toHaveLength(1);
    third?.resolve();
    await becomes({ is: 'Live' });
    expect(kind.objects[0]?.metadata.resourceVersion).toBe('3');
  });

  test('is live again when nothing has failed for long enough, though there is no news', async () => {
    follow([added, complete, noAnswer], [noAnswer], []);
    await vi.waitFor(() => expect(kind.standing.is).toBe('Stale'), { timeout: 5_000 });
    await clock.advance(11_999);
    expect(kind.standing.is).toBe('Stale');
    await clock.advance(30_000);
    expect(kind.standing).toEqual({ is: 'Live' });
  });

  test('is stale from the first failure on when nothing is known yet', async () => {
    follow([noAnswer]);
    await kind.settled;
    expect(kind.standing.is).toBe('Stale');
  });

  test('says that the credentials are refused', async () => {
    follow([refusal(401, 'Unauthorized')]);
    await vi.waitFor(() => expect(refusals).toBe(1));
  });
});
