import { ApiError, TransportError } from '@capstan/kube';

/** Where a refused child is, for messages. */
export interface RefusedChild {
  readonly kind: string;
  readonly namespace?: string | undefined;
  readonly name: string;
}

/**
 * A child could not be applied.
 *
 * `terminal`: sending the same body again cannot help; somebody must change the resource, or what the operator may do.
 * Anything else is worth another try, after `retryAfterSeconds` where the server asked for a pause.
 */
export class ApplyError extends Error {
  override readonly name = 'ApplyError';
  readonly terminal: boolean;
  /** PascalCase: the server's reason (`Invalid`, `Forbidden`, `TooManyRequests`), or `ImmutableField`, `SchemaMismatch`, `NamespaceTerminating`, `NoAnswer`. */
  readonly reason: string;
  readonly retryAfterSeconds: number | undefined;

  constructor(
    message: string,
    details: { terminal: boolean; reason: string; retryAfterSeconds?: number | undefined; cause?: unknown },
  ) {
    super(message, details.cause === undefined ? {} : { cause: details.cause });
    this.terminal = details.terminal;
    this.reason = details.reason;
    this.retryAfterSeconds = details.retryAfterSeconds;
  }
}

/** A change of fields that the server lets nobody change; the body would do for a new object. */
export class ImmutableFieldError extends ApplyError {
  /** `.spec.volumeClaimTemplates`; at least one. */
  readonly fields: readonly string[];

  constructor(child: RefusedChild, fields: readonly string[]) {
    super(`${nameOf(child)}: ${fields.join(', ')} cannot be changed once the object exists`, {
      terminal: true,
      reason: 'ImmutableField',
    });
    this.fields = fields;
  }
}

/** Refusals that the same request will always meet. 404 is none: a kind or a namespace may be about to be served. */
const TERMINAL_STATUSES: ReadonlySet<number> = new Set([400, 403, 405, 406, 413, 415, 422]);

/** Classifies what an apply threw; anything but an answer or a lost connection is thrown on as it is. */
export function applyErrorOf(error: unknown, child: RefusedChild): ApplyError {
  if (error instanceof ApplyError) return error;
  if (error instanceof TransportError) {
    return new ApplyError(`${nameOf(child)}: ${error.message}`, { terminal: false, reason: 'NoAnswer', cause: error });
  }
  if (!(error instanceof ApiError)) throw error;
  const reason = reasonOf(error);
  const terminal =
    reason === 'SchemaMismatch' || (TERMINAL_STATUSES.has(error.status) && reason !== 'NamespaceTerminating');
  const { retryAfterSeconds } = error;
  if (child.kind !== 'Secret')
    return new ApplyError(`${nameOf(child)}: ${shortened(error.serverMessage)}`, {
      terminal,
      reason,
      retryAfterSeconds,
      cause: error,
    });
  // The server quotes refused values, which for a Secret must reach neither log nor status: fields only, and no cause.
  return new ApplyError(`${nameOf(child)}: ${reason}${fieldsOf(error)} (values withheld)`, {
    terminal,
    reason,
    retryAfterSeconds,
  });
}

const LONGEST_MESSAGE = 800;

/** The server quotes whole pod templates; what it has against them stands at the end. */
function shortened(message: string): string {
  if (message.length <= LONGEST_MESSAGE) return message;
  return `${message.slice(0, LONGEST_MESSAGE / 2)} … ${message.slice(-LONGEST_MESSAGE / 2)}`;
}

function reasonOf(error: ApiError): string {
  if (isSchemaMismatch(error)) return 'SchemaMismatch';
  if (error.causes.some(({ reason }) => reason === 'NamespaceTerminating')) return 'NamespaceTerminating';
  return error.reason === '' ? `Status${error.status}` : error.reason;
}

/**
 * An unknown field, a value of the wrong type, or two list items with one key, in the body of a server-side apply.
 *
 * The one refusal that is told by its text: the server answers 500 without any reason (kube-apiserver 1.36), and nothing
 * else tells it from a server in trouble. Should the text change, the error is merely retried.
 */
function isSchemaMismatch({ status, reason, message }: ApiError): boolean {
  const hasNoReason = reason === '' || reason === 'Unknown' || reason === 'InternalError';
  return status === 500 && hasNoReason && message.includes('failed to create typed patch object');
}

function fieldsOf({ causes }: ApiError): string {
  const fields = causes.flatMap(({ field }) => field ?? []);
  return fields.length === 0 ? '' : ` at ${fields.join(', ')}`;
}

function nameOf({ kind, namespace, name }: RefusedChild): string {
  return namespace === undefined ? `${kind} ${name}` : `${kind} ${namespace}/${name}`;
}
