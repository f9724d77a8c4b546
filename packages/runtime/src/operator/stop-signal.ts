import type { Logger } from 'pino';

/** The part of `process` that tells of signals. */
export type SignalSource = Pick<NodeJS.Process, 'on' | 'exit'>;

/**
 * Aborts on the first SIGTERM or SIGINT, so that work under way can end; a second one ends the process with code 1.
 */
export function stopSignal(log: Logger, source: SignalSource = process): AbortSignal {
  const stop = new AbortController();
  const onSignal = (name: NodeJS.Signals) => {
    if (stop.signal.aborted) source.exit(1);
    log.info({ signal: name }, 'stopping; a second signal ends the process at once');
    stop.abort(new Error(`received ${name}`));
  };
  source.on('SIGTERM', onSignal);
  source.on('SIGINT', onSignal);
  return stop.signal;
}
