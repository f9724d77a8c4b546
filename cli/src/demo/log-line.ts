/**
 * A line of an operator's log (JSON, as the runtime writes it) for a person: time of day, level, what happened and to
 * whom. A line of another form, such as the stack of a crash, stays as it is.
 */
export function readableLogLine(line: string): string {
  const fields = parse(line);
  if (fields === undefined) return line;
  const { ts, level, msg, namespace, name, err } = fields;
  const time = typeof ts === 'string' ? ts.slice(11, 19) : '';
  const subject = typeof name === 'string' ? `${String(namespace)}/${name}` : '';
  const error = isRecord(err) ? String(err['message']) : '';
  return [time, level, subject, msg, error].filter((part) => typeof part === 'string' && part !== '').join('  ');
}

function parse(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isRecord(value) && typeof value['msg'] === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
