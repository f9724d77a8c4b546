import { ApiError, TransportError } from '@capstan/kube';

/** What somebody last said, or that nothing is known. */
export type Contact = 'Unknown' | 'Answers' | { readonly reason: string; readonly message: string };

const answers: Readonly<Record<number, Contact>> = {
  401: { reason: 'CredentialsRefused', message: 'Its API server does not accept the credentials.' },
  403: { reason: 'Forbidden', message: 'Its API server does not let these credentials do that.' },
  404: { reason: 'KindMissing', message: 'Its API server has no such kind: install the CRD of PrismCluster there.' },
};

/** What an error of a client stands for, in words that stay the same from probe to probe and repeat nothing of what was sent. */
export function contactAfter(error: unknown): Contact {
  if (error instanceof ApiError)
    return answers[error.status] ?? { reason: 'NotReady', message: `Its API server answers with ${error.status}.` };
  if (!(error instanceof TransportError)) return { reason: 'Failed', message: 'It could not be asked.' };
  const code = codeIn(error);
  if (code === undefined) return { reason: 'NoAnswer', message: 'It does not answer.' };
  if (/CERT|SIGNATURE|TLS|SSL/.test(code))
    return {
      reason: 'CertificateInvalid',
      message: `Its certificate cannot be verified (${code}): correct ca.crt or caBundle.`,
    };
  return { reason: 'NoAnswer', message: `It does not answer (${code}).` };
}

/** The word that the system has for what went wrong, wherever in the chain of causes it is. */
function codeIn(error: unknown, depth = 0): string | undefined {
  if (!(error instanceof Error) || depth > 4) return undefined;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  return code !== undefined && /^[A-Z][A-Z0-9_]{2,63}$/.test(code) ? code : codeIn(error.cause, depth + 1);
}
