/** What the fake answers, before it is written to a connection. */
export interface FakeAnswer {
  readonly status: number;
  /** Undefined where Druid writes none. */
  readonly contentType?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  readonly text: string;
}

/** Thrown inside the fake where Druid throws: the request is answered with this, and nothing was changed. */
export class DruidRefusal extends Error {
  override readonly name = 'DruidRefusal';
  readonly answer: FakeAnswer;

  constructor(answer: FakeAnswer) {
    super(answer.text);
    this.answer = answer;
  }
}

const JSON_TYPE = 'application/json';

/** A JSON body. */
export function json(body: unknown, status = 200): FakeAnswer {
  return { status, contentType: JSON_TYPE, text: JSON.stringify(body) };
}

/** A line of text. */
export function plain(status: number, text: string): FakeAnswer {
  return { status, contentType: 'text/plain', text };
}

/** No body; some resources still name a content type. */
export function empty(status = 200, contentType?: string): FakeAnswer {
  return { status, contentType, text: '' };
}

/** `{"error": "..."}`, as Druid says of most bad input. */
export function errorText(error: string, status = 400): FakeAnswer {
  return json({ error }, status);
}

/** As newer resources of Druid write their errors. */
export function druidException(status: number, errorCode: string, errorMessage: string): FakeAnswer {
  const category = { 400: 'INVALID_INPUT', 404: 'NOT_FOUND' }[status] ?? 'RUNTIME_FAILURE';
  const persona = category === 'RUNTIME_FAILURE' ? 'OPERATOR' : 'USER';
  return json({ error: 'druidException', errorCode, persona, category, errorMessage, context: {} }, status);
}

/** As Jetty tells of an exception that nobody caught; `causes` are the exceptions from the outside in. */
export function uncaught(url: string, ...causes: readonly string[]): FakeAnswer {
  const escaped = causes.map((cause) => escapeHtml(cause));
  const numbered = Object.fromEntries(escaped.map((cause, index) => [`cause${index}`, cause]).reverse());
  return json({ servlet: 'default', ...numbered, message: escaped[0] ?? '', url, status: '500' }, 500);
}

function escapeHtml(text: string): string {
  const escapes: Readonly<Record<string, string>> = {
    '"': '&quot;',
    "'": '&apos;',
    '<': '&lt;',
    '>': '&gt;',
    '&': '&amp;',
  };
  return text.replaceAll(/["'<>&]/g, (character) => escapes[character] ?? character);
}

/** As the router answers while it finds no overlord or coordinator; without a content type. */
export function noDestination(path: string): FakeAnswer {
  const error = `Unable to determine destination[${path}]; is your coordinator/overlord running?`;
  return { status: 503, text: JSON.stringify({ error }) };
}

/** As the router answers while the overlord it found is only just starting. */
export function badGateway(path: string): FakeAnswer {
  const rows = Object.entries({ URI: path, STATUS: '502', MESSAGE: 'Bad Gateway' })
    .map(([name, value]) => `<tr><th>${name}:</th><td>${value}</td></tr>`)
    .join('\n');
  const head =
    '<meta http-equiv="Content-Type" content="text/html;charset=ISO-8859-1"/>\n<title>Error 502 Bad Gateway</title>';
  const text = `<html>\n<head>\n${head}\n</head>\n<body><h2>HTTP ERROR 502 Bad Gateway</h2>\n<table>\n${rows}\n</table>\n</body>\n</html>\n`;
  return { status: 502, contentType: 'text/html;charset=iso-8859-1', text };
}
