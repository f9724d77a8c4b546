/** One cause inside a Status, such as the field that a validation refused. */
export interface StatusCause {
  readonly reason?: string;
  readonly message?: string;
  readonly field?: string;
}

/** What the API server says when it refuses: `metav1.Status`, reduced to what callers decide by. */
export interface ApiErrorDetails {
  readonly status: number;
  /** The machine word, such as `NotFound`, `Conflict`, `Invalid`, `Expired`, `TooManyRequests`. */
  readonly reason: string;
  readonly message: string;
  readonly causes?: readonly StatusCause[];
  readonly retryAfterSeconds?: number;
  /** `PATCH /apis/...`: what was asked, never a body. */
  readonly request?: string;
}

/** The API server answered, and the answer was no. Decide by `status` and `reason`, never by the text. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly reason: string;
  /** What the server said, without the request it answered: for people who did not send that request. */
  readonly serverMessage: string;
  readonly causes: readonly StatusCause[];
  /** Seconds the server asks to wait before trying again. */
  readonly retryAfterSeconds: number | undefined;

  constructor(details: ApiErrorDetails) {
    super(details.request === undefined ? details.message : `${details.request}: ${details.message}`);
    this.status = details.status;
    this.reason = details.reason;
    this.serverMessage = details.message;
    this.causes = details.causes ?? [];
    this.retryAfterSeconds = details.retryAfterSeconds;
  }

  get isNotFound(): boolean {
    return this.status === 404;
  }
  /** A stale resourceVersion, a failed precondition, a name taken, or a field another manager owns. */
  get isConflict(): boolean {
    return this.status === 409;
  }
  /** The resourceVersion asked for is too old (410): list anew. */
  get isExpired(): boolean {
    return this.status === 410 || this.reason === 'Expired' || this.reason === 'Gone';
  }
  get isInvalid(): boolean {
    return this.status === 422;
  }
}

/** No answer came: refused, reset, timed out, a broken frame, or a certificate that does not fit. */
export class TransportError extends Error {
  override readonly name = 'TransportError';
  /** Whether the request may have reached the server (false only when it certainly did not). */
  readonly maySent: boolean;

  constructor(message: string, options: { cause?: unknown; maySent: boolean }) {
    super(message, { cause: options.cause });
    this.maySent = options.maySent;
  }
}
