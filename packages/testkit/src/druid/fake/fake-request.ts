import type { IncomingMessage } from 'node:http';
import { DruidRefusal, empty, errorText, uncaught } from './fake-answer.ts';

/** One request, read to its end. */
export class FakeRequest {
  readonly method: string;
  /** Without its query, as it was sent. */
  readonly path: string;
  /** Decoded parts of the path below its root. */
  readonly segments: readonly string[];
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;

  constructor(message: Pick<IncomingMessage, 'method' | 'url' | 'headers'>, body: string) {
    const url = new URL(message.url ?? '/', 'http://druid');
    this.method = message.method ?? 'GET';
    this.path = url.pathname;
    this.segments = url.pathname
      .split('/')
      .filter((part) => part !== '')
      .map(decodeURIComponent);
    this.query = url.searchParams;
    this.headers = message.headers;
    this.body = body;
  }

  /**
   * The body as JSON; undefined when it is empty or null, which Druid does not tell apart.
   * @throws {DruidRefusal} 415 for another content type, 500 for what is no JSON
   */
  json(): unknown {
    return this.#parsed((cause) => uncaught(this.path, `javax.servlet.ServletException: ${cause}`, cause));
  }

  /** Like `json`, where Druid catches what its parser throws and answers 400. */
  caughtJson(): unknown {
    return this.#parsed((cause) => errorText(cause.replace(/^[\w.]+: /, '')));
  }

  #parsed(refusal: (cause: string) => DruidRefusal['answer']): unknown {
    if (!/^application\/json\b/.test(this.headers['content-type'] ?? '')) throw new DruidRefusal(empty(415));
    if (this.body.trim() === '') return undefined;
    try {
      return JSON.parse(this.body) ?? undefined;
    } catch {
      throw new DruidRefusal(refusal(parserComplaint(this.body)));
    }
  }
}

const SOURCE = '[Source: (org.eclipse.jetty.server.HttpInputOverHTTP); line: 1, column: ';

/** About what Jackson says: where the text simply ends, and where it goes wrong. */
function parserComplaint(body: string): string {
  const opened = body.trim();
  const kind = opened.startsWith('[') ? 'Array' : 'Object';
  const isCut = /^[[{]/.test(opened) && !/[\]}]$/.test(opened) && !/[a-z]$/.test(opened);
  if (isCut) {
    const start = `expected close marker for ${kind} (start marker at ${SOURCE}1])`;
    const at = `\n at ${SOURCE}${body.length + 1}]`;
    return `com.fasterxml.jackson.core.io.JsonEOFException: Unexpected end-of-input: ${start}${at}`;
  }
  const word = /([A-Za-z]+)\W*$/.exec(opened)?.[1] ?? '';
  const expected = "was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')";
  return `com.fasterxml.jackson.core.JsonParseException: Unrecognized token '${word}': ${expected}\n at ${SOURCE}${body.length + 1}]`;
}
