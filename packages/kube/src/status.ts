import { ApiError, type StatusCause } from './api-error.ts';
import { isRecord, numberIn, recordIn, stringIn } from './json.ts';
import type { HttpResponse } from './transport/http-exchange.ts';

/** The server's no, and which object it was about. */
export interface Refusal {
  readonly error: ApiError;
  /** The object the server could not find, as opposed to a kind or a path it does not serve. */
  readonly missingObject: string | undefined;
}

/** The server's no, from an answer and its body. The body itself never reaches the error, only the Status inside it. */
export function refusalFrom(
  response: Pick<HttpResponse, 'status' | 'headers'>,
  body: string,
  request: string,
): Refusal {
  const status = parseStatus(body);
  const header = secondsIn(response.headers['retry-after']);
  return {
    error: apiErrorFrom(status, { status: response.status, request, retryAfterSeconds: header }),
    missingObject: response.status === 404 ? stringIn(recordIn(status, 'details'), 'name') : undefined,
  };
}

/** The ApiError for a `metav1.Status` that came as an event of a watch. */
export function apiErrorFromEvent(status: unknown, request: string): ApiError {
  const record = isRecord(status) ? status : {};
  return apiErrorFrom(record, { status: numberIn(record, 'code') ?? 500, request, retryAfterSeconds: undefined });
}

interface Envelope {
  readonly status: number;
  readonly request: string;
  readonly retryAfterSeconds: number | undefined;
}

function apiErrorFrom(status: Record<string, unknown> | undefined, envelope: Envelope): ApiError {
  const details = recordIn(status, 'details');
  const retryAfterSeconds = envelope.retryAfterSeconds ?? numberIn(details, 'retryAfterSeconds');
  return new ApiError({
    status: envelope.status,
    reason: stringIn(status, 'reason') || reasonFor(envelope.status),
    message: stringIn(status, 'message') || `the server answered ${envelope.status}`,
    causes: causesIn(details),
    request: envelope.request,
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  });
}

function causesIn(details: Record<string, unknown> | undefined): StatusCause[] {
  const causes = details?.['causes'];
  if (!Array.isArray(causes)) return [];
  return causes.filter(isRecord).map((cause) => {
    const reason = stringIn(cause, 'reason');
    const message = stringIn(cause, 'message');
    const field = stringIn(cause, 'field');
    return {
      ...(reason === undefined ? {} : { reason }),
      ...(message === undefined ? {} : { message }),
      ...(field === undefined ? {} : { field }),
    };
  });
}

/** Proxies and the API server's outermost filters answer without a Status. */
function parseStatus(body: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return isRecord(value) && value['kind'] === 'Status' ? value : undefined;
  } catch {
    return undefined;
  }
}

function secondsIn(header: string | string[] | undefined): number | undefined {
  const seconds = Number(Array.isArray(header) ? header[0] : header);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds : undefined;
}

/** The reasons of apimachinery's `metav1.StatusReason`, for answers that carry none. */
function reasonFor(status: number): string {
  const reasons: Readonly<Record<number, string>> = {
    400: 'BadRequest',
    401: 'Unauthorized',
    403: 'Forbidden',
    404: 'NotFound',
    405: 'MethodNotAllowed',
    406: 'NotAcceptable',
    409: 'Conflict',
    410: 'Gone',
    413: 'RequestEntityTooLarge',
    415: 'UnsupportedMediaType',
    422: 'Invalid',
    429: 'TooManyRequests',
    500: 'InternalError',
    503: 'ServiceUnavailable',
    504: 'Timeout',
  };
  return reasons[status] ?? 'Unknown';
}
