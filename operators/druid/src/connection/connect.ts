import { Service } from '@capstan/kube';
import type { Pass } from '@capstan/runtime';
import type { DruidIngestion } from '../api/v1alpha1/druid-ingestion.ts';
import type { DruidConnection } from '../druid/druid-connection.ts';
import { referenceKey, type SecretReference } from '../spec/secret-references.ts';
import { routerUrl } from './router-service.ts';
import type { VersionedContents } from './versioned-contents.ts';

/** What is missing before Druid can be asked. */
export interface Missing {
  readonly reason: 'RouterNotFound' | 'SecretMissing' | 'SecretInvalid';
  /** Says what is missing and where it was looked for. */
  readonly message: string;
}

/** Druid can be asked: how, with the values of the references and the versions of the Secrets that they came from. */
export interface Connected {
  readonly connection: DruidConnection;
  readonly values: ReadonlyMap<string, string>;
  /** Versions of the Secrets that were read, by their names. */
  readonly versions: ReadonlyMap<string, string>;
}

/** `lacking`: what the spec refers to and is not there, so that Druid can be asked, but not given the spec. */
export type Connecting = { readonly connected: Connected; readonly lacking?: Missing } | { readonly missing: Missing };

/** The pass, as far as connecting needs it. */
export type ConnectingPass = Pick<Pass<DruidIngestion>, 'cache' | 'read' | 'signal'>;

/** What a spec refers to: what has to be there, and what may be missing, because only a part or a former spec needs it. */
export interface References {
  readonly needed: readonly SecretReference[];
  readonly further: readonly SecretReference[];
}

/** Finds the router and reads the Secrets that a call needs: credentials, CA, and what the spec refers to. */
export async function connect(
  ingestion: DruidIngestion,
  { needed, further }: References,
  pass: ConnectingPass,
  contents: VersionedContents,
): Promise<Connecting> {
  const url = urlOf(ingestion, pass);
  if (url === undefined) return { missing: noRouter(ingestion) };
  const read = new SecretReading(ingestion.metadata.namespace ?? '', pass, contents);
  const credentials = await credentialsOf(ingestion, read);
  const ca = await caOf(ingestion, read);
  if (read.missing !== undefined) return { missing: read.missing };
  const values = new Map(await valuesOf(needed, read));
  const lacking = read.missing;
  for (const [key, value] of await valuesOf(further, read)) values.set(key, value);
  const redactions = [...values.values(), ...(credentials === undefined ? [] : [credentials.password])];
  const connection = {
    ...{ url, redactions, signal: pass.signal, caller: ingestion.metadata.uid ?? '' },
    ...(credentials !== undefined && { credentials }),
    ...(ca !== undefined && { ca }),
  };
  return { connected: { connection, values, versions: read.versions }, ...(lacking !== undefined && { lacking }) };
}

/** The address of the Druid; `undefined` when there is no router Service. */
export function urlOf(
  { metadata, spec }: DruidIngestion,
  { cache }: Pick<ConnectingPass, 'cache'>,
): string | undefined {
  if (spec.endpoint?.url !== undefined) return spec.endpoint.url;
  const services = cache.list(Service, { namespace: metadata.namespace });
  return routerUrl(services, spec.druidCluster, spec.endpoint?.caSecretRef !== undefined);
}

function noRouter({ spec: { druidCluster } }: DruidIngestion): Missing {
  const message = `no Service in this namespace has the labels druid_cr=${druidCluster}, component=router and a port`;
  return { reason: 'RouterNotFound', message };
}

/** Reads Secrets of one namespace, and remembers what was wrong first. */
class SecretReading {
  readonly #namespace: string;
  readonly #pass: ConnectingPass;
  readonly #contents: VersionedContents;
  readonly #versions = new Map<string, string>();
  #missing: Missing | undefined;
  /** What was wrong first. */
  get missing(): Missing | undefined {
    return this.#missing;
  }

  constructor(namespace: string, pass: ConnectingPass, contents: VersionedContents) {
    this.#namespace = namespace;
    this.#pass = pass;
    this.#contents = contents;
  }

  /** The value of a key; `undefined` when it is not there. */
  async value(name: string, key: string, path: string): Promise<string | undefined> {
    const secret = await this.#contents.secret(this.#namespace, name, this.#pass);
    const value = secret?.values.get(key);
    if (secret === undefined)
      this.#missing ??= { reason: 'SecretMissing', message: `Secret/${name}, which ${path} names, does not exist` };
    else if (value === undefined || value === '')
      this.#missing ??= { reason: 'SecretInvalid', message: `Secret/${name}, which ${path} names, has no key ${key}` };
    this.#versions.set(name, secret?.version ?? '');
    return value;
  }

  get versions(): ReadonlyMap<string, string> {
    return this.#versions;
  }
}

async function credentialsOf({ spec: { auth } }: DruidIngestion, read: SecretReading) {
  const name = auth?.secretRef.name;
  if (auth === undefined || name === undefined) return undefined;
  const { usernameKey = 'OperatorUserName', passwordKey = 'OperatorPassword' } = auth;
  const username = await read.value(name, usernameKey, 'spec.auth.secretRef');
  const password = await read.value(name, passwordKey, 'spec.auth.secretRef');
  return username === undefined || password === undefined ? undefined : { username, password };
}

function caOf({ spec: { endpoint } }: DruidIngestion, read: SecretReading): Promise<string | undefined> {
  const name = endpoint?.caSecretRef?.name;
  return name === undefined ? Promise.resolve(undefined) : read.value(name, 'ca.crt', 'spec.endpoint.caSecretRef');
}

async function valuesOf(
  references: readonly SecretReference[],
  read: SecretReading,
): Promise<ReadonlyMap<string, string>> {
  const values = new Map<string, string>();
  for (const reference of references) {
    const value = await read.value(reference.name, reference.key, 'a reference in the spec');
    if (value !== undefined) values.set(referenceKey(reference), value);
  }
  return values;
}
