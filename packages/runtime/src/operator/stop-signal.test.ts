import { EventEmitter } from 'node:events';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { crashGuard } from './crash-guard.ts';
import { stopSignal } from './stop-signal.ts';

/** What a process would have written and done. */
function scene() {
  const lines: Record<string, unknown>[] = [];
  const exits: number[] = [];
  const emitter = new EventEmitter();
  const source = {
    on: emitter.on.bind(emitter) as unknown as NodeJS.Process['on'], // takes the same events by other names
    exit: ((code: number) => exits.push(code)) as unknown as NodeJS.Process['exit'], // a test that ended here would tell nothing
  };
  const log = pino({}, { write: (line: string) => void lines.push(JSON.parse(line)) });
  return { lines, exits, emitter, source, log };
}

describe('a process that is told to stop', () => {
  it.each(['SIGTERM', 'SIGINT'])('stops in order on %s, and at once on the second', (name) => {
    const { emitter, source, log, exits, lines } = scene();
    const signal = stopSignal(log, source);
    expect(signal.aborted).toBe(false);
    emitter.emit(name, name);
    expect(signal.aborted).toBe(true);
    expect(String(signal.reason)).toBe(`Error: received ${name}`);
    expect(exits).toEqual([]);
    expect(lines).toMatchObject([{ signal: name }]);
    emitter.emit('SIGTERM', 'SIGTERM');
    expect(exits).toEqual([1]);
  });
});

describe('a process in which an error reaches nobody', () => {
  it.each(['uncaughtException', 'unhandledRejection'])('says so and ends with code 1 (%s)', (event) => {
    const { emitter, source, log, exits, lines } = scene();
    crashGuard(log, source);
    emitter.emit(event, new Error('nobody caught me'));
    expect(exits).toEqual([1]);
    expect(lines).toMatchObject([{ level: 60, err: { message: 'nobody caught me' } }]);
  });

  it('ends also when nothing can be written any more', () => {
    const { emitter, source, exits } = scene();
    const broken = pino(
      {},
      {
        write: () => {
          throw new Error('the pipe is closed');
        },
      },
    );
    crashGuard(broken, source);
    expect(() => emitter.emit('uncaughtException', new Error('x'))).toThrow('the pipe is closed');
    expect(exits).toEqual([1]);
  });
});
