import type { LogLine } from './operator-under-test.ts';

const shown = 8;

/** What every line has and no reader of a failed test needs. */
const left = new Set(['level', 'msg', 'ts', 'controller', 'namespace', 'reconcile_id', 'reconcileID', 'err']);

/** The end of an operator's log, for the message of a failed test: a line per different thing, the first place of an error. */
export function lastWords(lines: readonly LogLine[]): string {
  const counted = new Map<string, number>();
  for (const line of lines.filter(({ level }) => level !== 'debug')) {
    const text = textOf(line);
    const count = counted.get(text) ?? 0;
    // Said again, it moves to the end: the order is that of the last time.
    counted.delete(text);
    counted.set(text, count + 1);
  }
  const told = [...counted].slice(-shown).map(([text, count]) => `  ${text}${count === 1 ? '' : ` (${count} times)`}`);
  return told.length === 0 ? '' : `\n\nthe operator's last lines:\n${told.join('\n')}`;
}

function textOf({ level = '', msg, err, ...rest }: LogLine): string {
  const fields = Object.entries(rest).filter(([name]) => !left.has(name));
  const told = fields.map(([name, value]) => ` ${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  return `${level === '' ? '' : `${level}: `}${msg}${told.join('')}${err === undefined ? '' : `: ${errorText(err)}`}`;
}

function errorText(err: unknown): string {
  if (typeof err !== 'object' || err === null) return String(err);
  const { message, stack }: { readonly message?: unknown; readonly stack?: unknown } = err;
  const place = /\n\s*(at .*)/.exec(String(stack ?? ''))?.[1];
  return `${String(message)}${place === undefined ? '' : ` (${place})`}`;
}
