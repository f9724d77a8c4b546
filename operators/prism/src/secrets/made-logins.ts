import { secretHash } from '@capstan/resources';
import { loginChangedAnnotation } from '../annotations.ts';
import type { PrismCluster } from '../api/v1alpha1/prism-cluster.ts';
import type { BackendKind } from '../backends/backend-kind.ts';
import { credentialKeys, credentialsSource } from '../backends/credentials.ts';
import type { SecretFinding } from './backend-secrets.ts';
import type { MadeServers } from './made-with.ts';

/** Servers whose volume has the login of their first start in it; the others take what their Secret has at each start. */
type Remembering = Extract<BackendKind, 'postgres' | 'kafka'>;

export interface MadeLoginsOptions {
  readonly hashKey: Uint8Array;
  readonly isMade: (kind: BackendKind) => boolean;
  /** The version of a Secret that was read; `undefined` of one that was not. */
  readonly versionOf: (secretName: string) => string | undefined;
}

/** What is known of the login of one server, and what is to be remembered of it. */
export interface LoginFinding {
  readonly finding: SecretFinding;
  /** A keyed hash of the login that the server has; `undefined` where it takes any. */
  readonly login?: string;
}

/**
 * Compares what a Secret holds with what its server was made with: with another login clients would be locked out, so that it
 * cannot be used until the server has it too, or the former one is back.
 */
export function loginFinding(
  kind: BackendKind,
  cluster: PrismCluster,
  finding: SecretFinding,
  remembered: MadeServers,
  options: MadeLoginsOptions,
): LoginFinding {
  if (!isRemembering(kind)) return { finding };
  const former = remembered[kind]?.login;
  const source = credentialsSource(kind, cluster);
  if (finding.kind !== 'Usable' || (source.kind !== 'Generated' && source.kind !== 'Existing'))
    return { finding, ...(former !== undefined && { login: former }) };
  const login = loginHash(kind, finding.credentials, options.hashKey);
  const version = options.versionOf(source.secretName);
  const isKnownToServer = kind === 'postgres' && acknowledged(cluster) === `${kind}.${version}`;
  if (former === undefined || former === login || isKnownToServer || !options.isMade(kind)) return { finding, login };
  const message = changedText[kind](source.secretName, `${kind}.${version}`, cluster);
  return { finding: { kind: 'Unusable', reason: 'CredentialsChanged', message }, login: former };
}

function isRemembering(kind: BackendKind): kind is Remembering {
  return kind === 'postgres' || kind === 'kafka';
}

/** A Secret of the user's may have more in it, which the server does not read. */
function loginHash(kind: Remembering, credentials: Readonly<Record<string, string>>, key: Uint8Array): string {
  return secretHash(key, Object.fromEntries(credentialKeys(kind).map((name) => [name, credentials[name] ?? ''])));
}

function acknowledged({ metadata }: PrismCluster): string | undefined {
  return metadata.annotations?.[loginChangedAnnotation];
}

type ChangedText = (secretName: string, version: string, cluster: PrismCluster) => string;

const changedText: Readonly<Record<Remembering, ChangedText>> = {
  postgres: (secretName, version, { metadata: { name } }) =>
    `Secret/${secretName} has another login than postgres, which takes one at its first start only. Put the former one back; or ` +
    'change it in the server (ALTER ROLE), and then say so by ' +
    `kubectl annotate --overwrite prismcluster ${name} ${loginChangedAnnotation}=${version}`,
  kafka: (secretName) =>
    `Secret/${secretName} has another clusterId than the volumes of kafka, which starts with no other. Put the former one back: ` +
    'meta.properties on a volume has it',
};
