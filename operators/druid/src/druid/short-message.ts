import type { Json } from './druid-api.ts';
import type { HttpAnswer } from './http-answer.ts';
import { isJsonObject, jsonOf } from './json-text.ts';
import type { Redaction } from './redaction.ts';

/** How long a message may be, in characters. */
const longestMessage = 300;

/** How much of a line or of a page is looked at, in characters: whoever answers may send a mebibyte made to be slow to read. */
const longestLine = 4_096;

/**
 * What an answer says, in one line without secrets: of HTML its title, of Jetty's JSON, a DruidException or `{"error"}` the text of
 * the error, without the names of Java's exceptions before it. Empty when it says nothing.
 */
export function saidBy(answer: Pick<HttpAnswer, 'text'>, redact: Redaction): string {
  const { text } = answer;
  if (text.trimStart().startsWith('<')) return oneLine(titleOf(text), redact);
  const json = jsonOf(text);
  return oneLine(json === undefined ? text : errorTextOf(json), redact);
}

/** The first line of what Druid says of an error, without Java's class names and secrets, at most 300 characters. */
export function oneLine(text: string, redact: Redaction): string {
  // A secret may have line ends in it, so the first line is taken of what is left.
  const [first = ''] = redact(withoutEntities(text))
    .trim()
    .split(/[\r\n]/);
  const line = withoutPackages(withoutExceptions(withPath(first.slice(0, longestLine))));
  return shortened(redact(line.replace(/\s+/g, ' ').trim()));
}

/** The text, or as much of it as a message may hold. */
export function shortened(text: string): string {
  return text.length <= longestMessage ? text : `${text.slice(0, longestMessage - 1).toWellFormed()}…`;
}

/** The fields that carry the text of an error, the one that says most first. */
const errorFields = ['errorMessage', 'message', 'error', 'Access-Check-Result'];

function errorTextOf(json: Json): string {
  if (typeof json === 'string') return json;
  if (!isJsonObject(json)) return '';
  for (const field of errorFields) {
    const value = json[field];
    if (typeof value === 'string' && value !== '') return value;
    if (isJsonObject(value)) return errorTextOf(value);
  }
  return '';
}

function titleOf(html: string): string {
  return /<title[^>]*>([^<]*)<\/title>/i.exec(html.slice(0, longestLine))?.[1] ?? 'a page of HTML';
}

const entities: Readonly<Record<string, string>> = {
  '&quot;': '"',
  '&apos;': "'",
  '&#39;': "'",
  '&lt;': '<',
  '&gt;': '>',
  '&amp;': '&',
};

/** Jetty writes HTML entities into its JSON. */
function withoutEntities(text: string): string {
  return text.replace(/&(?:quot|apos|#39|lt|gt|amp);/g, (entity) => entities[entity] ?? entity);
}

/** `java.lang.RuntimeException: org.apache.druid.error.DruidException: Stream[x]` says `Stream[x]`. */
function withoutExceptions(line: string): string {
  const rest = line.replace(/^(?:[a-z]\w*\.)+[A-Z][\w$]*:\s*/, '');
  return rest === line || rest === '' ? line : withoutExceptions(rest);
}

/** Where Jackson tells by classes which field it was, tells it by the names of the fields: `(at spec.ioConfig.taskDuration)`. */
function withPath(line: string): string {
  return line.replace(/\(through reference chain: ([^)]*)\)/, (_, chain: string) => {
    const steps = [...chain.matchAll(/\["?(\w+)"?\]/g)].map(([, step]) => step);
    return `(at ${steps.join('.')})`;
  });
}

/** `org.apache.druid.indexing.kafka.supervisor.KafkaSupervisorSpec` is a `KafkaSupervisorSpec`. */
function withoutPackages(line: string): string {
  return line.replace(/\b(?:[a-z]\w*\.){2,}(?=[A-Z])/g, '');
}
