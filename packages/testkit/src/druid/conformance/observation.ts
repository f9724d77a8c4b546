import { type DruidAnswer, type DruidCall, jsonOf } from '../druid-call.ts';

/** What an operator reads of an answer: the same for a fake and a real Druid, whenever and wherever each ran. */
export interface Observation {
  /** Method and path, with the query. */
  readonly asked: string;
  readonly status: number;
  /** Without its character set; undefined when there is none. */
  readonly contentType: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** Headers that an operator acts on. */
const READ_HEADERS = ['www-authenticate', 'location'];

/**
 * What is left of an answer without what differs from run to run: times, hosts and ports, generated ids, the order of lists that
 * have none, and the inside of Java's exceptions behind their class.
 */
export function observe(call: DruidCall, answer: DruidAnswer): Observation {
  const headers = READ_HEADERS.filter((name) => answer.headers[name] !== undefined);
  const json = jsonOf(answer);
  return {
    asked: `${call.method} ${timeless(call.path)}`,
    status: answer.status,
    contentType: answer.contentType?.replace(/;.*/, ''),
    headers: Object.fromEntries(headers.map((name) => [name, timeless(String(answer.headers[name]))])),
    body: json === undefined ? timeless(answer.text) : comparable(json),
  };
}

function comparable(value: unknown, name = ''): unknown {
  if (typeof value === 'string') return name === 'specString' ? comparable(jsonOf({ text: value })) : timeless(value);
  if (Array.isArray(value)) {
    const items = value.map((item) => comparable(item));
    return items.every(hasNoOrder) ? items.toSorted(byText) : items;
  }
  if (typeof value !== 'object' || value === null) return value;
  if ('servlet' in value) return uncaughtError(value);
  const entries = Object.entries(value).filter(([key]) => !IGNORED.has(key));
  return Object.fromEntries(entries.map(([key, inner]) => [key, comparable(inner, key)]));
}

/** Where a task runs and how long that took; what its context is filled with. */
const IGNORED = new Set([
  'location',
  'duration',
  'runnerStatusCode',
  'createdTime',
  'queueInsertionTime',
  'memory',
  'modules',
]);

/** Names, and objects with one: Druid lists them in the order of a hash. */
function hasNoOrder(item: unknown): boolean {
  return (
    typeof item === 'string' || (typeof item === 'object' && item !== null && ('id' in item || 'dataSource' in item))
  );
}

function byText(a: unknown, b: unknown): number {
  return JSON.stringify(a) < JSON.stringify(b) ? -1 : 1;
}

/** Of an exception that nobody caught: the classes from the outside in, and the text where it says more than a position. */
function uncaughtError(error: object): unknown {
  const { message, url, status } = Object.fromEntries(Object.entries(error));
  const text = timeless(String(message).replace(/[\s\S]*?(JsonEOFException|JsonParseException)[\s\S]*/, '$1'));
  return { message: text, url, status };
}

const TIME = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g;
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

function timeless(text: string): string {
  return text
    .replace(/\n\tat [\s\S]*/, '')
    .replaceAll(TIME, '<time>')
    .replaceAll(UUID, '<uuid>')
    .replaceAll(/https?:\/\/127\.0\.0\.1:\d+/g, '<url>')
    .replaceAll(/127\.0\.0\.1:\d+/g, '<host>')
    .replaceAll(/_[a-p]{8}_<time>/g, '_<letters>_<time>');
}
