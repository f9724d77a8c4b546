import type { JsonObject } from './druid-api.ts';
import { textOf } from './json-text.ts';

/**
 * The exceptions that Druid has for a request it can do nothing with, however often it is made. All others may be about Druid itself:
 * a leader that is just starting, a store that is away, no memory.
 */
const blaming: readonly RegExp[] = [
  /^java\.lang\.IllegalArgumentException$/,
  /^java\.lang\.NumberFormatException$/,
  /^java\.lang\.UnsupportedOperationException$/,
  /^org\.apache\.druid\.java\.util\.common\.(IAE|UOE)$/,
  /^org\.apache\.druid\.error\.DruidException$/,
  /^com\.fasterxml\.jackson\./,
];

/** Of a body that is empty, or lacks what it is about; any other null is Druid's own. Jetty writes quotes as entities. */
const ofMissing =
  /because (?:"|&quot;)(?:this\.)?(?:spec|task|dynamicConfigBuilder|streamSequenceNumbers)(?:"|&quot;) is null/;

/** Whether an error in Jetty's JSON is about what was sent: its innermost cause says so. Pure. */
export function blamesRequest(body: JsonObject): boolean {
  // The router has an error of its own when the process behind it just died.
  if (/ForwardingServlet/.test(textOf(body['servlet']) ?? '')) return false;
  const innermost = innermostCause(body);
  const exception = exceptionsOf(innermost).at(-1);
  if (exception === 'java.lang.NullPointerException') return ofMissing.test(innermost);
  return exception !== undefined && blaming.some((pattern) => pattern.test(exception));
}

/** Jetty numbers the causes from the outside in, and writes them in any order. */
function innermostCause(body: JsonObject): string {
  const numbers = Object.keys(body).flatMap((name) => /^cause(\d+)$/.exec(name)?.[1] ?? []);
  return textOf(body[`cause${Math.max(...numbers.map(Number))}`]) ?? '';
}

/** The exceptions that the text of one begins with: `java.lang.RuntimeException: java.lang.IllegalArgumentException: no` has two. */
function exceptionsOf(cause: string): readonly string[] {
  const [chain = ''] = /^(?:(?:[a-z]\w*\.)+[A-Z][\w$]*(?:: ?|$))*/.exec(cause) ?? [];
  return chain.split(/: ?/).filter((name) => name !== '');
}
