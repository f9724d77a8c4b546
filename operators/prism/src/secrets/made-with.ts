import type { Credentials } from '../backends/credentials.ts';
import { type Server, servers } from '../backends/versions.ts';

/** What one kind of server was given at its first start. */
export interface MadeWith {
  /** Tag of the official image that it was made with where the cluster named none, or would have been. */
  readonly version?: string;
  /** A keyed hash of the login that is in its volume. */
  readonly login?: string;
}

/** What is remembered of servers, those that are disabled by now among them. */
export type MadeServers = { readonly [server in Server]?: MadeWith };

const facts = ['version', 'login'] as const;

/** Reads what {@link madeWithTexts} has written; what is not of that form is not taken for anything. */
export function madeWithIn(values: Credentials): MadeServers {
  const entries = servers.map((server) => [server, madeIn(values, server)] as const);
  return Object.fromEntries(entries.filter(([, made]) => Object.keys(made).length > 0));
}

function madeIn(values: Credentials, server: Server): MadeWith {
  const known = facts.map((fact) => [fact, values[keyOf(server, fact)] ?? ''] as const);
  return Object.fromEntries(known.filter(([, text]) => /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/.test(text)));
}

/** What is remembered, as the keys of a Secret: `postgres.version`, `postgres.login`. */
export function madeWithTexts(made: MadeServers): Readonly<Record<string, string>> {
  const entries = servers.flatMap((server) =>
    facts.map((fact) => [keyOf(server, fact), made[server]?.[fact]] as const),
  );
  return Object.fromEntries(entries.filter((entry): entry is readonly [string, string] => entry[1] !== undefined));
}

function keyOf(server: Server, fact: (typeof facts)[number]): string {
  return `${server}.${fact}`;
}
