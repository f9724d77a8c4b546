import { type Connection, urlOf } from '../backends/connection.ts';

/**
 * The URL of a backend with what a client logs in with, in the form the drivers of the runners read. It is a secret where
 * the connection has credentials; {@link hasLogin} tells.
 */
export function loginUrl(connection: Connection): string {
  const url = urlOf(connection, loginOf(connection));
  // Unless told, some drivers insist on TLS and others try it first.
  return connection.kind === 'postgres' && !connection.tls ? `${url}?sslmode=disable` : url;
}

/** Whether the URL of a backend holds credentials. */
export function hasLogin(connection: Connection): boolean {
  return loginOf(connection) !== undefined;
}

/** Redis has a password and no user; the keys of MinIO are no part of its URL. */
function loginOf({ credentials: { username = '', password } }: Connection): string | undefined {
  if (password === undefined) return undefined;
  return `${encodeURIComponent(username)}:${encodeURIComponent(password)}`;
}
