import type { Logger as PinoLogger } from 'pino';
import { isLogLevel, type Logger, logLevels } from '../log.ts';
import { HttpRefusal, type HttpReply, type HttpRequest } from './serving/http-server.ts';

/** Whether this log came from `createLogger`, so that its level can be changed while it runs. */
function isAdjustable(log: PinoLogger): log is Logger {
  return 'setLevel' in log && 'currentLevel' in log;
}

/**
 * Answers `GET /debug/log-level` with the level, and changes it on `PUT` with one as the body: `debug`.
 * @throws {HttpRefusal} for anything else, and for a log whose level cannot be changed
 */
export async function debugLogLevel(request: HttpRequest, log: PinoLogger): Promise<HttpReply> {
  if (!isAdjustable(log))
    throw new HttpRefusal(501, 'the level of this log is fixed: it was not made with createLogger');
  if (request.method === 'PUT') {
    const wanted = (await request.body()).trim().toLowerCase();
    if (!isLogLevel(wanted)) throw new HttpRefusal(400, `send one of ${logLevels.join(', ')} as the body`);
    const before = log.currentLevel();
    log.setLevel(wanted);
    log.warn({ before, after: wanted }, 'the log level was changed by a request');
  }
  return { status: 200, body: `${log.currentLevel()}\n` };
}

/**
 * Lets SIGUSR2 switch the log between `debug` and the level it had: `kubectl exec ... -- kill -USR2 1`.
 * @returns takes the signal's handler away again
 */
export function toggleDebugOnSignal(log: Logger, signals: Pick<NodeJS.Process, 'on' | 'off'> = process): () => void {
  let usual = log.currentLevel();
  const toggle = () => {
    const current = log.currentLevel();
    if (current !== 'debug') usual = current;
    const next = current === 'debug' ? (usual === 'debug' ? 'info' : usual) : 'debug';
    log.setLevel(next);
    log.warn({ before: current, after: next }, 'the log level was changed by SIGUSR2');
  };
  signals.on('SIGUSR2', toggle);
  return () => void signals.off('SIGUSR2', toggle);
}
