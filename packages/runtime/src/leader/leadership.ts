/** Whether this process may write right now. Reading it costs nothing, so every write asks. */
export interface Fence {
  /** False before leadership, and from the moment it can no longer be known to last. */
  readonly isHeld: boolean;
  /** Aborts, with the reason, when leadership is lost; never by being given up in order. */
  readonly lost: AbortSignal;
}

/** The time in which this process leads. */
export interface Tenure extends Fence {
  /** Grows from tenure to tenure, whoever holds them: the fencing token. 0 where nobody counts. */
  readonly term: number;
  /** Gives leadership up at once, so that another process need not wait for it to expire. Never rejects. */
  release(): Promise<void>;
}

/** How a process comes to lead. */
export interface Election {
  /** Waits until this process leads. Rejects with the reason of `signal` when that aborts first. */
  campaign(signal: AbortSignal): Promise<Tenure>;
}

/** Leadership ended without being given up: nothing may be written any more, and the process is to end. */
export class LeadershipLost extends Error {
  override readonly name = 'LeadershipLost';
}

/** Leads at once and for ever: for operators of which there is only one process. */
export const unopposed: Election = {
  campaign: async () => ({ isHeld: true, term: 0, lost: new AbortController().signal, release: async () => {} }),
};
