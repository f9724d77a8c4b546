import type { Secret } from '@capstan/kube';
import { aCluster, type SpecInput } from '../a-cluster.fixture.ts';
import { aPass } from '../a-pass.fixture.ts';
import { backendSecrets } from './backend-secrets.ts';
import { type MadeServers, madeWithTexts } from './made-with.ts';
import { SecretContents } from './secret-contents.ts';

export type Backends = NonNullable<SpecInput['backends']>;

/** What there is of a cluster `orders`: servers, unless told otherwise, and no Secret. */
export interface Situation {
  readonly secrets?: readonly Secret[];
  readonly isMade?: boolean;
  /** The image that the servers run. */
  readonly runs?: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

const key = Buffer.alloc(32, 7).toString('base64');

/** A Secret in the namespace `shop`. */
export const aSecret = (name: string, data: Readonly<Record<string, string>>, resourceVersion = '1'): Secret => ({
  ...{ apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace: 'shop', resourceVersion } },
  data: Object.fromEntries(Object.entries(data).map(([name, value]) => [name, Buffer.from(value).toString('base64')])),
});

/** The Secret in which what servers were made with is remembered. */
export const memory = (made: MadeServers, hashKey = key) =>
  aSecret('orders-prism-hash-key', { key: hashKey, ...madeWithTexts(made) });

/** What a process that has seen nothing before finds. */
export function look(backends: Backends, { secrets = [], isMade = true, runs, annotations = {} }: Situation = {}) {
  const { metadata, ...rest } = aCluster({ spec: { backends } });
  const cluster = { ...rest, metadata: { ...metadata, annotations } };
  const sources = { contents: new SecretContents(), random: (bytes: number) => new Uint8Array(bytes).fill(3) };
  return backendSecrets(cluster, aPass({ objects: secrets }), {
    ...sources,
    isMade: () => isMade,
    runs: () => runs,
  });
}
