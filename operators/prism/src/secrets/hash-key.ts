import { secret } from '@capstan/resources';
import { type Child, child } from '@capstan/runtime';
import type { PrismCluster } from '../api/v1alpha1/prism-cluster.ts';
import type { Credentials } from '../backends/credentials.ts';
import { childMetadata } from '../labels.ts';
import { namesOf } from '../names.ts';
import type { Random } from './backend-secrets.ts';
import { type MadeServers, madeWithTexts } from './made-with.ts';

/** What `secretHash` asks for at least. */
const keyBytes = 32;

/** Makes the key of a cluster that has none yet. */
export function newHashKey(random: Random): Uint8Array {
  return random(keyBytes);
}

/** The key in a Secret; `undefined` where there is none that is long enough. */
export function hashKeyIn({ key = '' }: Credentials): Uint8Array | undefined {
  const bytes = Buffer.from(key, 'base64');
  return bytes.byteLength >= keyBytes ? bytes : undefined;
}

/**
 * The Secret that keeps the key: with another one every pod would be restarted. What servers were made with is in it as well,
 * hashed with that key where it is secret. It stays as long as credentials do.
 */
export function hashKeySecret(cluster: PrismCluster, key: Uint8Array, made: MadeServers): Child {
  const metadata = childMetadata(cluster, namesOf(cluster).hashKeySecret, 'hash-key', 'backend');
  const stringData = { key: Buffer.from(key).toString('base64'), ...madeWithTexts(made) };
  return child(secret(metadata, { stringData }), { retain: cluster.spec.deletionPolicy === 'Retain' });
}
