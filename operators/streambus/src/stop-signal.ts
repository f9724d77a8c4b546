import type { Logger } from '@capstan/runtime';

/**
 * Aborts on the first SIGTERM or SIGINT, so that work under way can end; a second one ends the process with code 1.
 */
export function stopSignal(log: Logger): AbortSignal {
  const stop = new AbortController();
  const onSignal = (name: NodeJS.Signals) => {
    if (stop.signal.aborted) process.exit(1);
    log.info({ signal: name }, 'stopping; a second signal ends the process at once');
    stop.abort(new Error(`received ${name}`));
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
  return stop.signal;
}
