import { ApiError } from '../api-error.ts';
import { type Backoff, fullJitter } from '../backoff.ts';

/**
 * Why a fresh snapshot was taken.
 * - `Start`: the first one;
 * - `Expired`: the server no longer has the resourceVersion (410), wherever it said so;
 * - `Interrupted`: the snapshot before broke off in the middle;
 * - `Unsupported`: the server cannot stream a snapshot, so it is listed in pages instead;
 * - `AheadOfServer`: the server has not seen our resourceVersion, as after etcd was restored from a backup;
 * - `Silent`: the watch stayed open without even a bookmark, twice in a row.
 */
export type RelistReason = 'Start' | 'Expired' | 'Interrupted' | 'Unsupported' | 'AheadOfServer' | 'Silent';

/** What the reflector does now. */
export type Phase =
  /** `begun` once its first object or page has arrived: from then on the snapshot before it is void. */
  | {
      readonly kind: 'snapshot';
      readonly by: 'watch' | 'pages';
      readonly paged: boolean;
      readonly reason: RelistReason;
      readonly begun: boolean;
    }
  | { readonly kind: 'watching'; readonly resourceVersion: string }
  | { readonly kind: 'waiting'; readonly ms: number; readonly next: Phase };

/** Everything that decides what comes next. */
export interface MachineState {
  readonly phase: Phase;
  /** Failures since a watch last brought something. */
  readonly failures: number;
  /** Watches in a row that brought nothing at all. */
  readonly silences: number;
  /** Snapshots in a row that expired between pages. */
  readonly expiredPages: number;
  /** Whether the request under way has brought something. */
  readonly progressed: boolean;
  /** Whether this server sends bookmarks: without them silence means nothing. */
  readonly bookmarks: boolean;
  readonly streamsSnapshots: boolean;
  readonly synced: boolean;
  readonly resourceVersion: string | undefined;
  readonly reconnects: number;
  readonly relists: Readonly<Record<RelistReason, number>>;
}

/** Why a request failed, as far as it matters for what comes next. */
export type Failure =
  | { readonly kind: 'expired' | 'unsupported' | 'ahead' | 'idle' | 'stalled' }
  | { readonly kind: 'other'; readonly retryAfterMs: number | undefined };

/** What happened. */
export type MachineInput =
  | { readonly kind: 'began' }
  | { readonly kind: 'event'; readonly resourceVersion: string | undefined }
  | { readonly kind: 'bookmark'; readonly resourceVersion: string; readonly initialEventsEnd: boolean }
  | { readonly kind: 'listed'; readonly resourceVersion: string }
  | { readonly kind: 'ended'; readonly afterMs: number }
  | { readonly kind: 'failed'; readonly failure: Failure }
  | { readonly kind: 'waited' };

const BACKOFF: Backoff = { baseMs: 500, maxMs: 30_000 };
const LONGEST_RETRY_AFTER_MS = 300_000;
/** A watch that ends at once and brings nothing is a failure, whatever the server calls it. */
export const SHORT_WATCH_MS = 1_000;
const SILENCES_BEFORE_RELIST = 2;
const EXPIRED_PAGES_BEFORE_WHOLE_LIST = 2;

export function initialState(): MachineState {
  return {
    phase: { kind: 'snapshot', by: 'watch', paged: true, reason: 'Start', begun: false },
    failures: 0,
    silences: 0,
    expiredPages: 0,
    progressed: false,
    bookmarks: false,
    streamsSnapshots: true,
    synced: false,
    resourceVersion: undefined,
    reconnects: 0,
    relists: { Start: 0, Expired: 0, Interrupted: 0, Unsupported: 0, AheadOfServer: 0, Silent: 0 },
  };
}

/** The state after an input. Pure: `random` is asked only for the length of a wait. */
export function step(state: MachineState, input: MachineInput, random: () => number): MachineState {
  switch (input.kind) {
    case 'began':
      return began(state);
    case 'event':
      return progressed(state, input.resourceVersion);
    case 'bookmark':
      return bookmarked({ ...state, bookmarks: true }, input.resourceVersion, input.initialEventsEnd);
    case 'listed':
      return synced(state, input.resourceVersion);
    case 'ended':
      return ended(state, input.afterMs, random);
    case 'failed':
      return failed(state, input.failure, random);
    case 'waited':
      return state.phase.kind === 'waiting' ? { ...state, phase: state.phase.next } : state;
  }
}

/** What a failed request means. `whileStreaming` is true for the snapshot by watch, which some servers refuse. */
export function failureFrom(error: unknown, whileStreaming: boolean): Failure {
  if (!(error instanceof ApiError)) return { kind: 'other', retryAfterMs: undefined };
  if (error.isExpired) return { kind: 'expired' };
  if (error.causes.some((cause) => cause.reason === 'ResourceVersionTooLarge')) return { kind: 'ahead' };
  // 422 where the feature is off, 400 from servers that check their parameters.
  if (whileStreaming && (error.isInvalid || error.status === 400)) return { kind: 'unsupported' };
  const { retryAfterSeconds } = error;
  return { kind: 'other', retryAfterMs: retryAfterSeconds === undefined ? undefined : retryAfterSeconds * 1000 };
}

function began(state: MachineState): MachineState {
  const { phase, relists } = state;
  if (phase.kind !== 'snapshot' || phase.begun) return state;
  return {
    ...state,
    phase: { ...phase, begun: true },
    relists: { ...relists, [phase.reason]: relists[phase.reason] + 1 },
  };
}

/** Objects of a snapshot are not progress: one that always breaks at the same place must be tried ever more rarely. */
function progressed(state: MachineState, resourceVersion: string | undefined): MachineState {
  if (state.phase.kind !== 'watching') return state;
  const version = resourceVersion ?? state.phase.resourceVersion;
  return {
    ...state,
    phase: { kind: 'watching', resourceVersion: version },
    resourceVersion: version,
    failures: 0,
    silences: 0,
    progressed: true,
  };
}

function bookmarked(state: MachineState, resourceVersion: string, initialEventsEnd: boolean): MachineState {
  if (state.phase.kind === 'watching') return progressed(state, resourceVersion);
  return initialEventsEnd ? synced(state, resourceVersion) : state;
}

function synced(state: MachineState, resourceVersion: string): MachineState {
  return {
    ...began(state),
    phase: { kind: 'watching', resourceVersion },
    resourceVersion,
    synced: true,
    silences: 0,
    expiredPages: 0,
    progressed: false,
  };
}

function ended(state: MachineState, afterMs: number, random: () => number): MachineState {
  const { phase } = state;
  if (phase.kind !== 'watching') return failed(state, { kind: 'other', retryAfterMs: undefined }, random);
  const again = { ...state, reconnects: state.reconnects + 1, progressed: false };
  if (!state.progressed && afterMs < SHORT_WATCH_MS) return wait(again, phase, undefined, random);
  return { ...again, failures: 0 };
}

function failed(state: MachineState, failure: Failure, random: () => number): MachineState {
  const { phase } = state;
  if (phase.kind === 'watching') return watchFailed(state, phase, failure, random);
  if (phase.kind === 'snapshot') return snapshotFailed(state, phase, failure, random);
  return state;
}

function watchFailed(
  state: MachineState,
  phase: Phase & { kind: 'watching' },
  failure: Failure,
  random: () => number,
): MachineState {
  const silences = failure.kind === 'idle' ? state.silences + 1 : state.silences;
  const after = { ...state, silences, progressed: false };
  if (failure.kind === 'expired') return relist(after, 'Expired', random);
  if (failure.kind === 'ahead') return relist(after, 'AheadOfServer', random);
  if (state.bookmarks && silences >= SILENCES_BEFORE_RELIST) return relist(after, 'Silent', random);
  const retryAfterMs = failure.kind === 'other' ? failure.retryAfterMs : undefined;
  return wait({ ...after, reconnects: state.reconnects + 1 }, phase, retryAfterMs, random);
}

function snapshotFailed(
  state: MachineState,
  phase: Phase & { kind: 'snapshot' },
  failure: Failure,
  random: () => number,
): MachineState {
  if (phase.by === 'watch' && (failure.kind === 'unsupported' || failure.kind === 'stalled')) {
    return { ...state, streamsSnapshots: false, phase: snapshot(false, 'Unsupported') };
  }
  if (failure.kind === 'expired') {
    const expiredPages = phase.by === 'pages' ? state.expiredPages + 1 : state.expiredPages;
    return relist({ ...state, expiredPages }, 'Expired', random);
  }
  const next = snapshot(state.streamsSnapshots, phase.begun ? 'Interrupted' : phase.reason, phase.paged);
  return wait(state, next, failure.kind === 'other' ? failure.retryAfterMs : undefined, random);
}

function relist(state: MachineState, reason: RelistReason, random: () => number): MachineState {
  const paged = state.expiredPages < EXPIRED_PAGES_BEFORE_WHOLE_LIST;
  return wait({ ...state, silences: 0 }, snapshot(state.streamsSnapshots, reason, paged), undefined, random);
}

function snapshot(streamed: boolean, reason: RelistReason, paged = true): Phase {
  return { kind: 'snapshot', by: streamed ? 'watch' : 'pages', paged, reason, begun: false };
}

/** Even the first wait is a random one: all watches of all clients fail together when an API server restarts. */
function wait(state: MachineState, next: Phase, retryAfterMs: number | undefined, random: () => number): MachineState {
  const failures = state.failures + 1;
  const jitter = fullJitter(BACKOFF, failures, random);
  const asked = Math.min(retryAfterMs ?? 0, LONGEST_RETRY_AFTER_MS) * (1 + random() / 4);
  return { ...state, failures, phase: { kind: 'waiting', ms: Math.max(jitter, asked), next } };
}
