import type { Container, EnvVar } from '@capstan/kube';
import { backendNamedBy } from './backend-address.ts';
import type { BackendKind } from './roles.ts';

/** The keys of the Secret that the operator reads the login of a backend from, and the variables that hold each. */
const loginVariables: Readonly<Record<BackendKind, Readonly<Record<string, readonly string[]>>>> = {
  redis: { password: ['REDIS_PASSWORD'] },
  nats: { username: ['NATS_USER', 'NATS_USERNAME'], password: ['NATS_PASSWORD'] },
  postgres: { username: ['POSTGRES_USER', 'PGUSER'], password: ['POSTGRES_PASSWORD', 'PGPASSWORD'] },
  minio: {
    rootUser: ['S3_ACCESS_KEY', 'AWS_ACCESS_KEY_ID', 'MINIO_ACCESS_KEY', 'MINIO_ROOT_USER'],
    rootPassword: ['S3_SECRET_KEY', 'AWS_SECRET_ACCESS_KEY', 'MINIO_SECRET_KEY', 'MINIO_ROOT_PASSWORD'],
  },
  kafka: { username: ['KAFKA_SASL_USERNAME'], password: ['KAFKA_SASL_PASSWORD'] },
};

/** The servers that let nobody in without a login. */
const always: readonly BackendKind[] = ['postgres', 'minio'];

/** What is known of the login of one backend. */
export type Login =
  | { readonly is: 'None' }
  /** In a Secret of the namespace, under the keys that the operator reads. */
  | { readonly is: 'There'; readonly secret: string }
  /** To be put into a Secret; of these keys the values are known, in the clear. */
  | { readonly is: 'Needed'; readonly keys: readonly string[]; readonly values?: Readonly<Record<string, string>> };

/** The keys of the Secret with the login of a backend. */
function loginKeys(kind: BackendKind): readonly string[] {
  return Object.keys(loginVariables[kind]);
}

/**
 * How clients log in to a backend.
 * @param clients containers of the cluster's own namespace that use it, then those of the server itself, where it was found
 */
export function loginOf(kind: BackendKind, clients: readonly Container[], servers: readonly Container[]): Login {
  const keys = loginKeys(kind);
  const found = [...clients, ...servers].map((container) => loginIn(kind, container));
  const secret = clients.flatMap((container) => secretOf(kind, container) ?? [])[0];
  if (secret !== undefined) return { is: 'There', secret };
  const values = found.find((each) => keys.every((key) => each.values[key] !== undefined))?.values;
  if (values !== undefined) return { is: 'Needed', keys, values };
  return always.includes(kind) || found.some(({ isThere }) => isThere) ? { is: 'Needed', keys } : { is: 'None' };
}

interface FoundLogin {
  readonly values: Readonly<Record<string, string>>;
  /** There is one, whether its values can be read or not. */
  readonly isThere: boolean;
}

function loginIn(kind: BackendKind, { env = [] }: Container): FoundLogin {
  const variables = Object.entries(loginVariables[kind]).flatMap(([key, names]) => {
    const variable = env.find(({ name }) => names.includes(name));
    return variable === undefined ? [] : [{ key, variable }];
  });
  const literals = variables.flatMap(({ key, variable: { value } }) => (value ? [[key, value] as const] : []));
  const urls = env.flatMap(({ name, value = '' }) => (backendNamedBy(name) === kind ? loginInUrl(kind, value) : []));
  const values = Object.assign({}, Object.fromEntries(literals), ...urls.map((url) => url.values));
  return { values, isThere: variables.length > 0 || urls.length > 0 };
}

/** The login before the `@` of a URL: `user:password`, or a token alone. */
function loginInUrl(
  kind: BackendKind,
  value: string,
): readonly { readonly values: Readonly<Record<string, string>> }[] {
  const login = /^[a-z][a-z0-9+.-]*:\/\/(?<login>.*)@/is.exec(value)?.groups?.['login'];
  if (login === undefined) return [];
  const colon = login.indexOf(':');
  if (colon < 0) return [{ values: {} }];
  const [user, password] = [decoded(login.slice(0, colon)), decoded(login.slice(colon + 1))];
  if (password === undefined || password === '') return [{ values: {} }];
  return [{ values: { ...(kind !== 'redis' && user && { username: user }), password } }];
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** The Secret that a client has all of its login from, where that has it under the keys the operator reads. */
function secretOf(kind: BackendKind, { env = [] }: Container): string | undefined {
  const refs = Object.entries(loginVariables[kind]).map(([key, names]) => {
    const ref = env.find(({ name }: EnvVar) => names.includes(name))?.valueFrom?.secretKeyRef;
    return ref?.key === key ? ref.name : undefined;
  });
  const [first] = refs;
  return first !== undefined && refs.every((name) => name === first) ? first : undefined;
}
