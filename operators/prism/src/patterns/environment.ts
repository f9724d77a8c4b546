import type { EnvVar } from '@capstan/kube';
import { type Connection, urlOf } from '../backends/connection.ts';
import type { Addresses } from '../profiles/addresses.ts';
import { hasLogin, loginUrl } from './login-url.ts';
import type { UsedConnections } from './used-connections.ts';

/** One variable of a runner. */
export interface Variable {
  readonly name: string;
  readonly value: string;
  /** Its value goes into a Secret and nowhere else. */
  readonly isSecret: boolean;
}

/**
 * The variables that a runner is told of prism-admin and its backends by: `PRISM_ADMIN_URL`, and for each backend used
 * `REDIS_URL`, `NATS_URL`, `DATABASE_URL`, `KAFKA_BROKERS`, `S3_ENDPOINT` with `MINIO_URL`, `S3_ACCESS_KEY`, `S3_SECRET_KEY`.
 *
 * Of the released runners only the Kafka driver reads one, and the configuration file says the same: they are for runners
 * of one's own, and for those to come.
 */
export function variablesOf(used: UsedConnections, { adminUrl }: Addresses): readonly Variable[] {
  return [
    open('PRISM_ADMIN_URL', adminUrl),
    ...urlVariable('REDIS_URL', used.redis),
    ...urlVariable('NATS_URL', used.nats),
    ...urlVariable('DATABASE_URL', used.postgres),
    ...minioVariables(used.minio),
    ...kafkaVariables(used.kafka),
  ];
}

/**
 * The variables as a container has them. Those that are secret are read from the Secret `secretName`, under their own names: a
 * URL that a container put together itself would hold a password as it is, whatever characters are in it.
 */
export function environmentOf(variables: readonly Variable[], secretName: string): readonly EnvVar[] {
  return variables.map(({ name, value, isSecret }) =>
    isSecret ? { name, valueFrom: { secretKeyRef: { name: secretName, key: name } } } : { name, value },
  );
}

/** The part of the variables that goes into the Secret, by name. */
export function secretVariables(variables: readonly Variable[]): Readonly<Record<string, string>> {
  return Object.fromEntries(variables.filter(({ isSecret }) => isSecret).map(({ name, value }) => [name, value]));
}

function urlVariable(name: string, connection: Connection | undefined): readonly Variable[] {
  if (connection === undefined) return [];
  return [{ name, value: loginUrl(connection), isSecret: hasLogin(connection) }];
}

function minioVariables(connection: Connection | undefined): readonly Variable[] {
  if (connection === undefined) return [];
  const { rootUser, rootPassword } = connection.credentials;
  const url = urlOf(connection);
  return [
    open('MINIO_URL', url),
    open('S3_ENDPOINT', url),
    ...secretVariable('S3_ACCESS_KEY', rootUser),
    ...secretVariable('S3_SECRET_KEY', rootPassword),
  ];
}

/** The names that the Kafka driver reads. */
function kafkaVariables(connection: Connection | undefined): readonly Variable[] {
  if (connection === undefined) return [];
  const { username, password } = connection.credentials;
  return [
    open('KAFKA_BROKERS', urlOf(connection)),
    ...secretVariable('KAFKA_SASL_USERNAME', username),
    ...secretVariable('KAFKA_SASL_PASSWORD', password),
  ];
}

function open(name: string, value: string): Variable {
  return { name, value, isSecret: false };
}

function secretVariable(name: string, value: string | undefined): readonly Variable[] {
  return value === undefined ? [] : [{ name, value, isSecret: true }];
}
