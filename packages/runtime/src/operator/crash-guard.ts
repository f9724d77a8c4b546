import type { Logger } from 'pino';

/**
 * Ends the process with code 1 and one line in the log when an error reaches nobody: what state it left behind nobody knows,
 * and a new process starts clean. Errors of passes never get here; they belong to their resource.
 */
export function crashGuard(log: Logger, source: Pick<NodeJS.Process, 'on' | 'exit'> = process): void {
  const end = (what: string) => (error: unknown) => {
    try {
      log.fatal({ err: error }, what);
    } finally {
      source.exit(1);
    }
  };
  source.on('uncaughtException', end('an error was caught by nobody; the process ends'));
  source.on('unhandledRejection', end('a promise was rejected and nobody looked; the process ends'));
}
