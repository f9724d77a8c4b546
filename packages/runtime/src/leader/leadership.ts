/** Whether this process may write right now. Reading it costs nothing, so every write asks. */
export interface Fence {
  /** False before the lease is held, and from the moment it can no longer be known to be held. */
  readonly isHeld: boolean;
}

/** The time in which this process leads. */
export interface Tenure extends Fence {
  /** Aborts, with the reason, when leadership is lost; never by `release`. */
  readonly lost: AbortSignal;
  /** Gives leadership up at once, so that another process need not wait for it to expire. */
  release(): Promise<void>;
}

/** How a process comes to lead. */
export interface Election {
  /** Waits until this process leads. Rejects with the reason of `signal` when that aborts first. */
  campaign(signal: AbortSignal): Promise<Tenure>;
}

/** Leads at once and for ever: for operators of which there is only one process. */
export const unopposed: Election = {
  campaign: async () => ({ isHeld: true, lost: new AbortController().signal, release: async () => {} }),
};
