import { secret } from '@capstan/resources';
import { type Child, child } from '@capstan/runtime';
import type { PrismCluster } from '../api/v1alpha1/prism-cluster.ts';
import { childMetadata } from '../labels.ts';
import { credentialsName } from '../names.ts';
import { type BackendKind, enabledBackend } from './backend-kind.ts';

/** What a Secret with credentials holds, by key. It goes into Secrets that are children, and into nothing else. */
export type Credentials = Readonly<Record<string, string>>;

/** Where the credentials of a backend come from; `None` where it has none. */
export type CredentialsSource =
  | { readonly kind: 'None' }
  | { readonly kind: 'Generated' | 'Existing' | 'External'; readonly secretName: string };

/** Tells which Secret has the credentials of an enabled backend: the operator's own, or one of somebody else's. */
export function credentialsSource(kind: BackendKind, cluster: PrismCluster): CredentialsSource {
  const backend = enabledBackend(cluster, kind);
  if (backend === undefined) return { kind: 'None' };
  if (backend.external !== undefined) {
    const { secretRef } = backend.external;
    return secretRef === undefined ? { kind: 'None' } : { kind: 'External', secretName: secretRef.name };
  }
  if (!needsCredentials(kind, cluster)) return { kind: 'None' };
  if (backend.existingSecret !== undefined) return { kind: 'Existing', secretName: backend.existingSecret };
  return { kind: 'Generated', secretName: credentialsName(cluster, kind) };
}

/** A redis may let everybody in; brokers get their id from a ZooKeeper where there is one. */
function needsCredentials(kind: BackendKind, { spec: { backends } }: PrismCluster): boolean {
  if (kind === 'redis') return backends.redis?.auth !== 'None';
  return kind !== 'kafka' || backends.kafka?.mode !== 'ZooKeeper';
}

/** The user name of generated credentials; the password is what is secret. */
const userName = 'prism';

/**
 * Makes credentials for a backend that has none yet: 192 random bits in each password, 128 in a Kafka cluster's id.
 * @param random gives that many random bytes, such as `crypto.randomBytes`
 */
export function newCredentials(kind: BackendKind, random: (bytes: number) => Uint8Array): Credentials {
  const text = (bytes: number): string => Buffer.from(random(bytes)).toString('base64url');
  switch (kind) {
    case 'redis':
      return { password: text(24) };
    case 'nats':
    case 'postgres':
      return { username: userName, password: text(24) };
    case 'minio':
      return { rootUser: userName, rootPassword: text(24) };
    case 'kafka':
      // Kafka makes no id that starts with a dash either: its own tools would take it for an option.
      return { clusterId: text(16).replace(/^-/, 'A') };
  }
}

interface KeyRule {
  readonly pattern: RegExp;
  /** Completes "must be ...". */
  readonly says: string;
}

const anyText: KeyRule = {
  pattern: /^[^\p{Cc}]{1,256}$/u,
  says: 'up to 256 characters without line breaks or other control characters',
};

/** MinIO does not start with less. */
const atLeast = (characters: number): KeyRule => ({
  pattern: new RegExp(`^[^\\p{Cc}]{${characters},256}$`, 'u'),
  says: `${characters} to 256 characters without line breaks or other control characters`,
});

/** initdb stumbles over quotes, and takes no name that could be a role of its own. */
const roleName: KeyRule = {
  pattern: /^(?!pg_)[A-Za-z_][A-Za-z0-9_.@-]{0,62}$/,
  says: 'up to 63 letters, digits and "_.@-", with a letter or "_" first and no "pg_" before the rest',
};

const clusterId: KeyRule = { pattern: /^[A-Za-z0-9_-]{22}$/, says: 'a Kafka cluster id, 22 characters of base64url' };

type KeyRules = Readonly<Record<BackendKind, Readonly<Record<string, KeyRule>>>>;

const rulesHere: KeyRules = {
  redis: { password: anyText },
  nats: { username: anyText, password: anyText },
  postgres: { username: roleName, password: anyText },
  minio: { rootUser: atLeast(3), rootPassword: atLeast(8) },
  kafka: { clusterId },
};

/** Who runs a server elsewhere knows what it takes; a Kafka may want no login at all. */
const rulesElsewhere: KeyRules = {
  ...rulesHere,
  postgres: { username: anyText, password: anyText },
  minio: { rootUser: anyText, rootPassword: anyText },
  kafka: {},
};

/** The keys of a Secret that a backend which runs here reads. */
export function credentialKeys(kind: BackendKind): readonly string[] {
  return Object.keys(rulesHere[kind]);
}

/**
 * Why a backend cannot be set up with what a Secret holds, by key and never with a value; `undefined` when it can.
 * @param source where it comes from: less is asked of the login of a server that runs elsewhere
 */
export function credentialsProblem(
  kind: BackendKind,
  credentials: Credentials,
  source: CredentialsSource['kind'] = 'Generated',
): string | undefined {
  const rules = source === 'External' ? rulesElsewhere : rulesHere;
  for (const [key, { pattern, says }] of Object.entries(rules[kind])) {
    const value = credentials[key];
    if (value === undefined) return `has no key ${key}, which ${kind} needs: add it`;
    if (!pattern.test(value)) return `has a key ${key} whose value must be ${says}`;
  }
  return undefined;
}

/** Passwords of images, manuals and hand-made manifests. */
const wellKnown: ReadonlySet<string> = new Set([
  ...['prism', 'minioadmin', 'minio123', 'postgres', 'redis', 'nats', 'admin', 'root', 'guest', 'foobared'],
  ...[
    'password',
    'password123',
    'passw0rd',
    'secret',
    's3cr3t',
    'changeme',
    'change-me',
    'default',
    'test',
    '12345678',
  ],
]);

/** Whether everybody knows these: a password from manuals and images, or one that is the user's name. */
export function isDefaultCredentials(kind: BackendKind, credentials: Credentials): boolean {
  if (kind === 'kafka') return false;
  const { username, rootUser = username, password, rootPassword = password } = credentials;
  if (rootPassword === undefined) return false;
  return wellKnown.has(rootPassword.toLowerCase()) || rootPassword === rootUser;
}

/**
 * The Secret with generated credentials. It outlives the cluster unless data goes with it: a volume that is taken up again
 * opens with the password it was made with, and with no other.
 */
export function credentialsSecret(cluster: PrismCluster, kind: BackendKind, credentials: Credentials): Child {
  const metadata = childMetadata(cluster, credentialsName(cluster, kind), kind, 'backend');
  return child(secret(metadata, { stringData: credentials }), { retain: cluster.spec.deletionPolicy === 'Retain' });
}
