import type { Trouble } from '../converge/not-answered.ts';

/** The one word for why Druid did not do what it was asked. Pure. */
export function troubleReason(trouble: Trouble): 'DruidUnreachable' | 'CredentialsRejected' | 'PermissionDenied' {
  if (trouble.kind === 'Unreachable') return 'DruidUnreachable';
  return trouble.status === 401 ? 'CredentialsRejected' : 'PermissionDenied';
}
