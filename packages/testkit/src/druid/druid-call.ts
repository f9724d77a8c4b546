import { type ClientRequest, request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';

/** A name and a password, sent as basic authentication. */
export interface Login {
  readonly user: string;
  readonly password: string;
}

/** Where to call, as whom, and trusting whom. */
export interface DruidTarget {
  /** Scheme, host and port, such as `http://127.0.0.1:8888`. */
  readonly url: string;
  readonly login?: Login | undefined;
  /** PEM; the machine's own authorities unless told. */
  readonly ca?: string | undefined;
}

/** One request. */
export interface DruidCall {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** With its query, already encoded. */
  readonly path: string;
  /** A text is sent as it is, anything else as JSON; none when undefined. */
  readonly body?: unknown;
  /** Of the body, `application/json` unless told; null sends none. */
  readonly contentType?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  /** In ms, for the whole call; 100,000 unless told, because Druid takes a minute for some. */
  readonly timeoutMs?: number;
}

/** What came back, read to its end. */
export interface DruidAnswer {
  readonly status: number;
  /** As Druid wrote it, or undefined when it wrote none. */
  readonly contentType: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/**
 * Calls Druid once, over a connection of its own, following no redirect: what a test wants to see is what Druid says.
 * @throws {Error} of the connection, or when the answer does not end within `timeoutMs`
 */
export async function callDruid(target: DruidTarget, call: DruidCall): Promise<DruidAnswer> {
  const url = new URL(call.path, target.url);
  const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
  const signal = AbortSignal.timeout(call.timeoutMs ?? 100_000);
  const request = send(url, {
    method: call.method,
    headers: headersOf(target, call),
    agent: false,
    ca: target.ca,
    signal,
  });
  request.end(bodyOf(call));
  const response = await responseTo(request);
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) text += chunk;
  const { statusCode = 0, headers } = response;
  return { status: statusCode, contentType: headers['content-type'], headers, text };
}

/** What an answer says as JSON; undefined when it says none. */
export function jsonOf(answer: Pick<DruidAnswer, 'text'>): unknown {
  try {
    return JSON.parse(answer.text);
  } catch {
    return undefined;
  }
}

function responseTo(request: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => request.once('response', resolve).once('error', reject));
}

function headersOf({ login }: DruidTarget, call: DruidCall): Record<string, string> {
  const { body, contentType = 'application/json' } = call;
  const credentials = login === undefined ? '' : Buffer.from(`${login.user}:${login.password}`).toString('base64');
  return {
    accept: 'application/json, */*',
    ...(body === undefined || contentType === null ? {} : { 'content-type': contentType }),
    ...(login === undefined ? {} : { authorization: `Basic ${credentials}` }),
    ...call.headers,
  };
}

function bodyOf({ body }: DruidCall): string | undefined {
  return body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
}
