import type { Reason } from '../api/v1alpha1/conditions.ts';
import type { PrismCluster } from '../api/v1alpha1/prism-cluster.ts';
import { type BackendKind, enabledBackends } from '../backends/backend-kind.ts';
import {
  type Credentials,
  type CredentialsSource,
  credentialsProblem,
  credentialsSource,
  isDefaultCredentials,
  newCredentials,
} from '../backends/credentials.ts';
import { namesOf, namespaceOf } from '../names.ts';
import { hashKeyIn, newHashKey } from './hash-key.ts';
import { loginFinding, type MadeLoginsOptions } from './made-logins.ts';
import { type ServerSight, withMadeVersions } from './made-versions.ts';
import { type MadeServers, madeWithIn } from './made-with.ts';
import type { Reading, SecretContents } from './secret-contents.ts';

/** What is known of the credentials of one enabled backend. */
export type SecretFinding =
  | {
      readonly kind: 'Usable';
      readonly credentials: Credentials;
      readonly source: CredentialsSource['kind'];
      /** Everybody knows them, and they are not the operator's. */
      readonly isWellKnown: boolean;
    }
  | { readonly kind: 'Unusable'; readonly reason: UnusableReason; readonly message: string };

/** Why nothing can be started with a Secret. `CredentialsChanged`: its server was made with others, and has them still. */
export type UnusableReason = Extract<Reason, 'SecretMissing' | 'SecretInvalid' | 'CredentialsChanged'>;

/** What the Secrets of a cluster hold. */
export interface BackendSecrets {
  /** Of every enabled backend. */
  readonly findings: ReadonlyMap<BackendKind, SecretFinding>;
  /** What hashes of secrets are made with. */
  readonly hashKey: Uint8Array;
  /** What servers were made with, those that are disabled by now among them. */
  readonly made: MadeServers;
}

/** Gives that many random bytes. */
export type Random = (bytes: number) => Uint8Array;

/** What credentials come from. */
export interface SecretSources extends ServerSight {
  readonly contents: SecretContents;
  readonly random: Random;
}

/**
 * Reads the Secrets of a cluster. Credentials that nobody has made yet are made here, once: a Secret that exists is taken as it
 * is, and one that was deleted while its server runs comes back as it was, or not at all.
 */
export async function backendSecrets(
  cluster: PrismCluster,
  pass: Reading,
  { contents, random, ...sight }: SecretSources,
): Promise<BackendSecrets> {
  const kinds = enabledBackends(cluster);
  const namespace = namespaceOf(cluster);
  const read = (name: string) => contents.read(namespace, name, pass);
  const made = (kind: BackendKind, name: string) =>
    sight.isMade(kind) ? contents.formerly(namespace, name) : newCredentials(kind, random);
  const keyName = namesOf(cluster).hashKeySecret;
  // Before it is read: with another key every pod would be restarted, also where somebody has only spoilt the one there was.
  const former = contents.formerly(namespace, keyName) ?? {};
  const [memory, ...found] = await Promise.all([
    read(keyName),
    ...kinds.map(async (kind) => [kind, await secretOf(kind, credentialsSource(kind, cluster), read, made)] as const),
  ]);
  const remembered = remembering(memory ?? {}, former, random);
  const options = {
    ...remembered,
    isMade: sight.isMade,
    versionOf: (name: string) => contents.version(namespace, name),
  };
  return withMemory(cluster, found, options, sight);
}

interface Remembered {
  readonly hashKey: Uint8Array;
  readonly made: MadeServers;
}

/** What the Secret of the key has, or had. Hashes that were made with a key which is lost tell nothing any more. */
function remembering(now: Credentials, former: Credentials, random: Random): Remembered {
  const source = [now, former].find((values) => hashKeyIn(values) !== undefined);
  const hashKey = source && hashKeyIn(source);
  if (source !== undefined && hashKey !== undefined) return { hashKey, made: madeWithIn(source) };
  const versions = Object.entries(madeWithIn(now)).map(([server, { login: _lost, ...rest }]) => [server, rest]);
  return { hashKey: newHashKey(random), made: Object.fromEntries(versions) };
}

function withMemory(
  cluster: PrismCluster,
  found: readonly (readonly [BackendKind, SecretFinding])[],
  { made, ...options }: Remembered & MadeLoginsOptions,
  sight: ServerSight,
): BackendSecrets {
  const logins = found.map(([kind, finding]) => [kind, loginFinding(kind, cluster, finding, made, options)] as const);
  const known = logins.map(([kind, { login }]) => [kind, { ...made[kind], ...(login !== undefined && { login }) }]);
  return {
    hashKey: options.hashKey,
    findings: new Map(logins.map(([kind, { finding }]) => [kind, finding])),
    made: withMadeVersions(cluster, { ...made, ...Object.fromEntries(known) }, sight),
  };
}

async function secretOf(
  kind: BackendKind,
  source: CredentialsSource,
  read: (name: string) => Promise<Credentials | undefined>,
  made: (kind: BackendKind, name: string) => Credentials | undefined,
): Promise<SecretFinding> {
  if (source.kind === 'None') return { kind: 'Usable', credentials: {}, source: 'None', isWellKnown: false };
  const name = source.secretName;
  const credentials = (await read(name)) ?? (source.kind === 'Generated' ? made(kind, name) : undefined);
  if (credentials === undefined) {
    return { kind: 'Unusable', reason: 'SecretMissing', message: missingText(kind, name, source.kind) };
  }
  const problem = credentialsProblem(kind, credentials, source.kind);
  if (problem !== undefined) return { kind: 'Unusable', reason: 'SecretInvalid', message: `Secret/${name} ${problem}` };
  return { kind: 'Usable', credentials, source: source.kind, isWellKnown: isDefaultCredentials(kind, credentials) };
}

function missingText(kind: BackendKind, name: string, source: CredentialsSource['kind']): string {
  if (source !== 'Generated') return `Secret/${name} does not exist, which ${kind} needs: create it`;
  return (
    `Secret/${name} is gone, and ${kind} was made with what was in it, so no other is made: put it back. To begin anew ` +
    `without the data of ${kind}, disable it, delete its volumes, and enable it`
  );
}
