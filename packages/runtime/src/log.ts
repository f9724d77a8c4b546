import { type DestinationStream, type LoggerOptions, type Logger as PinoLogger, pino } from 'pino';
import { redact, redactText } from './redact.ts';

export const logLevels = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof logLevels)[number];

export function isLogLevel(text: string): text is LogLevel {
  return logLevels.some((level) => level === text);
}

/** A pino logger whose level can be changed while it runs, for itself and all its children. */
export type Logger = PinoLogger & {
  /** Takes effect at once, whichever of the family it is called on. */
  setLevel(level: LogLevel): void;
  currentLevel(): LogLevel;
};

export interface LogOptions {
  /** `info` unless told. */
  readonly level?: LogLevel;
  /** Where lines go; standard output unless told. */
  readonly destination?: DestinationStream;
  /** Epoch ms; the machine's clock unless told. */
  readonly now?: () => number;
}

/**
 * A logger that writes one JSON object per line: `level` (a word), `ts` (RFC 3339, UTC), then the fields, then `msg`.
 * The runtime's own fields are `controller`, `namespace`, `name` and `reconcile_id`. Everything is checked for secrets.
 *
 * @example
 * ```ts
 * const log = createLogger({ level: 'info' });
 * log.child({ controller: 'streambus' }).info({ namespace: 'prod', name: 'orders' }, 'reconciled');
 * // {"level":"info","ts":"2026-01-01T00:00:00.000Z","controller":"streambus","namespace":"prod","name":"orders","msg":"reconciled"}
 * ```
 */
export function createLogger({ level = 'info', destination, now = Date.now }: LogOptions = {}): Logger {
  const threshold = { level, value: pino.levels.values[level] ?? 0 };
  const options: LoggerOptions = {
    // The threshold is checked in the hook: pino copies the level into each child when it is made, and there it would stay.
    level: 'debug',
    base: null,
    messageKey: 'msg',
    timestamp: () => `,"ts":"${new Date(now()).toISOString()}"`,
    formatters: { level: (label) => ({ level: label }), log: redactFields },
    serializers: { err: describeError, error: describeError },
    hooks: {
      logMethod(args, method, number) {
        if (number >= threshold.value) method.apply(this, args);
      },
      streamWrite: redactText,
    },
  };
  const root = pino(options, destination ?? standardOutput());
  const { child } = root;
  return Object.assign(root, {
    // Children inherit this method. pino leaves the fields of a child to nobody, so they are looked through here.
    child(this: PinoLogger, fields: object, childOptions?: object) {
      return child.call(this, redactFields(fields), childOptions);
    },
    setLevel(next: LogLevel) {
      threshold.level = next;
      threshold.value = pino.levels.values[next] ?? 0;
    },
    currentLevel: () => threshold.level,
  }) as Logger; // `child` keeps its signature; its type parameters cannot be written in an object literal.
}

/**
 * Written before the call returns: what pino does by itself may be overtaken by a fatal line, and is lost with a process
 * that ends at once.
 */
function standardOutput(): DestinationStream {
  return pino.destination({ dest: 1, sync: true });
}

/** An error as fields: its kind, what it says, the machine words callers decide by, and its causes; nothing else it carries. */
function describeError(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return redact(error);
  const { name, message, stack, cause } = error;
  const words = Object.entries(error).filter(
    ([key, value]) => ['status', 'reason', 'code'].includes(key) && isWord(value),
  );
  return {
    type: name,
    message,
    ...Object.fromEntries(words),
    ...(stack === undefined || depth > 0 ? {} : { stack }),
    ...(cause === undefined || depth >= 3 ? {} : { cause: describeError(cause, depth + 1) }),
  };
}

function isWord(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number';
}

/** Errors are left to the serializer, which knows what of them may be shown. */
function redactFields(fields: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, value instanceof Error ? value : redactField(name, value)]),
  );
}

function redactField(name: string, value: unknown): unknown {
  const wrapped = redact({ [name]: value });
  return typeof wrapped === 'object' && wrapped !== null ? Object.values(wrapped)[0] : undefined;
}
