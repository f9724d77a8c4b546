import type { UnreachableReason } from './druid-api.ts';
import { NoAnswerError } from './no-answer-error.ts';

/**
 * Says of whatever ended a request why nobody answered: no connection, or a certificate that does not fit. Pure.
 * @returns the error itself where it says so already
 */
export function noAnswerOf(error: unknown, url: URL): NoAnswerError {
  if (error instanceof NoAnswerError) return error;
  const cause = firstOf(error);
  // Through Node's TLS, what the lookup refused arrives as the cause.
  if (cause instanceof NoAnswerError) return cause;
  const code = codeOf(cause);
  const reason = reasonOf(code);
  const start =
    reason === 'Untrusted' ? `the certificate of ${url.origin} does not fit` : `no answer from ${url.origin}`;
  return new NoAnswerError(reason, `${start}: ${explained(cause, code)}`, { cause: error });
}

/** What is not known to come before a connection stands may have come after the request had arrived. */
function reasonOf(code: string): UnreachableReason {
  if (isAboutTrust(code)) return 'Untrusted';
  return unconnected.includes(code) || code.startsWith('ERR_SSL_') ? 'NoConnection' : 'BrokenOff';
}

const unconnected: readonly string[] = [
  ...['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'EADDRNOTAVAIL', 'EPROTO'],
];

/** Several addresses were tried (an AggregateError has no message of its own): the first says enough. */
function firstOf(error: unknown): unknown {
  return error instanceof AggregateError ? (error.errors[0] ?? error) : error;
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** The codes of OpenSSL's verification (X509_V_ERR_...) as Node names them, and Node's own. */
function isAboutTrust(code: string): boolean {
  return /^(CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|ERR_TLS_CERT_)/.test(
    code,
  );
}

const explanations: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ECONNRESET: 'the connection broke off',
  EPIPE: 'the connection broke off',
  ENOTFOUND: 'there is no host of that name',
  EAI_AGAIN: 'its name cannot be resolved now',
  EHOSTUNREACH: 'there is no way to that host',
  ENETUNREACH: 'there is no way to that network',
  EPROTO: 'it does not speak TLS as it should',
  ERR_SSL_WRONG_VERSION_NUMBER: 'it does not speak TLS',
};

function explained(error: unknown, code: string): string {
  const message = error instanceof Error ? error.message : String(error);
  // Node goes on with advice about its own flags.
  return explanations[code] ?? message.split('; if ', 1)[0] ?? message;
}
