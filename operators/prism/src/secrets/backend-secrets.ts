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
  | { readonly kind: 'Unusable'; readonly reason: 'SecretMissing' | 'SecretInvalid'; readonly message: string };

/** What the Secrets of a cluster hold. */
export interface BackendSecrets {
  /** Of every enabled backend. */
  readonly findings: ReadonlyMap<BackendKind, SecretFinding>;
  /** What hashes of secrets are made with. */
  readonly hashKey: Uint8Array;
}

/** Gives that many random bytes. */
export type Random = (bytes: number) => Uint8Array;

/** What credentials come from. */
export interface SecretSources {
  readonly contents: SecretContents;
  readonly random: Random;
  /** Whether there is a server already, or a volume of one: it knows the credentials it was made with and no others. */
  readonly isMade: (kind: BackendKind) => boolean;
}

/**
 * Reads the Secrets of a cluster. Credentials that nobody has made yet are made here, once: a Secret that exists is taken as it
 * is, and one that was deleted while its server runs comes back as it was, or not at all.
 */
export async function backendSecrets(
  cluster: PrismCluster,
  pass: Reading,
  { contents, random, isMade }: SecretSources,
): Promise<BackendSecrets> {
  const kinds = enabledBackends(cluster);
  const namespace = namespaceOf(cluster);
  const read = (name: string) => contents.read(namespace, name, pass);
  const made = (kind: BackendKind, name: string) =>
    isMade(kind) ? contents.formerly(namespace, name) : newCredentials(kind, random);
  const keyName = namesOf(cluster).hashKeySecret;
  // Before it is read: with another key every pod would be restarted, also where somebody has only spoilt the one there was.
  const formerKey = hashKeyIn(contents.formerly(namespace, keyName) ?? {});
  const [key, ...found] = await Promise.all([
    read(keyName),
    ...kinds.map((kind) => secretOf(kind, credentialsSource(kind, cluster), read, made)),
  ]);
  return {
    hashKey: hashKeyIn(key ?? {}) ?? formerKey ?? newHashKey(random),
    findings: new Map(kinds.flatMap((kind, index) => (found[index] === undefined ? [] : [[kind, found[index]]]))),
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
