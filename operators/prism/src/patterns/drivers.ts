import type { JsonObject } from '@capstan/crd';
import type { Connection } from '../backends/connection.ts';
import { loginUrl } from './login-url.ts';

/**
 * The keys that the driver of a backend reads, and no others: one it does not know is dropped, and the driver connects to
 * localhost. With the credentials in it, so it goes into a Secret.
 */
export function driverConfig(connection: Connection): JsonObject {
  const { kind, host, port, credentials, tls } = connection;
  switch (kind) {
    case 'redis':
      return {
        address: `${host}:${port}`,
        ...(credentials.password !== undefined && { password: credentials.password }),
      };
    case 'nats':
      // Unless told to go on for ever, the client gives up after about 20 seconds, and the process stays up without a connection.
      return { url: loginUrl(connection), max_reconnects: -1 };
    case 'postgres':
      return { database_url: loginUrl(connection) };
    case 'minio':
      return {
        endpoint: `${host}:${port}`,
        ...(credentials.rootUser !== undefined && { access_key_id: credentials.rootUser }),
        ...(credentials.rootPassword !== undefined && { secret_access_key: credentials.rootPassword }),
        use_ssl: tls,
        force_path_style: true,
      };
    case 'kafka':
      return { brokers: [`${host}:${port}`] };
  }
}
