import type { ApiRequest } from './api-request.ts';
import { type RefusalStatus, refusalReasons } from './fault.ts';

export interface Refusal {
  readonly status: RefusalStatus;
  readonly reason?: string | undefined;
  readonly retryAfterSeconds?: number | undefined;
}

/** A `metav1.Status` as the API server words a refusal, so that whoever reads it runs the code it runs in earnest. */
export function refusalBody(
  { status, reason = refusalReasons[status], retryAfterSeconds }: Refusal,
  { group, resource, name }: ApiRequest,
): object {
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message: `${resource === '' ? 'the request' : `${resource} "${name}"`}: ${reason} (a fault of the test)`,
    reason,
    details: {
      ...(name !== '' && { name }),
      ...(group !== '' && { group }),
      ...(resource !== '' && { kind: resource }),
      ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
    },
    code: status,
  };
}
