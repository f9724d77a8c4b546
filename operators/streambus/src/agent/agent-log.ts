/** One line of the log: a sentence, and what it is about. Nothing that is secret may be put here. */
export type AgentLog = (
  level: 'info' | 'warn' | 'error',
  message: string,
  about?: Readonly<Record<string, string>>,
) => void;

/** A log of JSON lines with the same fields as the operator's: `time`, `level`, `msg`. */
export function jsonLog(write: (line: string) => void, now: () => number): AgentLog {
  return (level, msg, about = {}) =>
    write(`${JSON.stringify({ level, time: new Date(now()).toISOString(), msg, ...about })}\n`);
}
