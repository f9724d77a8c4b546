import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { createLogger, type LogLevel } from '../log.ts';
import { toggleDebugOnSignal } from './log-level.ts';

/** Signals that a test sends to itself. */
class Signals extends EventEmitter {}

function signalled(level: LogLevel) {
  const log = createLogger({ level, destination: { write: () => {} } });
  // An emitter has all of `on` and `off` that is used; the types of `process` name every event there is.
  const signals = new Signals() as Signals & Pick<NodeJS.Process, 'on' | 'off'>;
  const end = toggleDebugOnSignal(log, signals);
  return { log, end, send: () => signals.emit('SIGUSR2') };
}

describe('SIGUSR2', () => {
  it.each([
    ['info', ['debug', 'info', 'debug']],
    ['warn', ['debug', 'warn', 'debug']],
    ['debug', ['info', 'debug', 'info']],
  ] as const)('switches a log at %s', (level, expected) => {
    const { log, send } = signalled(level);
    const seen = expected.map(() => {
      send();
      return log.currentLevel();
    });
    expect(seen).toEqual(expected);
  });

  it('does nothing once its handler is taken away', () => {
    const { log, end, send } = signalled('info');
    end();
    send();
    expect(log.currentLevel()).toBe('info');
  });
});
