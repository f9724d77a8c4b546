import type { Container } from '@capstan/kube';
import type { PrismBackend } from '../api/v1alpha1/prism-cluster.ts';
import { type BackendKind, backendKinds } from './backend-kind.ts';

/** What has an official image here: the backends, and the ZooKeeper of a Kafka below 4. */
export type Server = BackendKind | 'zookeeper';

/** All of them. */
export const servers = [...backendKinds, 'zookeeper'] as const satisfies readonly Server[];

interface OfficialImage {
  readonly repository: string;
  /** The tag taken where the cluster names none. */
  readonly tag: string;
}

/** Upstream's own choices, pinned to a patch release; for MinIO the last image its makers published. */
const officialImages: Readonly<Record<Server, OfficialImage>> = {
  redis: { repository: 'redis', tag: '7.4.3-alpine' },
  nats: { repository: 'nats', tag: '2.10.27-alpine' },
  postgres: { repository: 'postgres', tag: '16.10-alpine' },
  minio: { repository: 'minio/minio', tag: 'RELEASE.2025-09-07T16-13-09Z' },
  kafka: { repository: 'apache/kafka', tag: '3.7.0' },
  zookeeper: { repository: 'zookeeper', tag: '3.8.4' },
};

type ImageChoice = Pick<PrismBackend, 'image' | 'version' | 'imagePullPolicy'>;

/** The tag that a server is made with now where its cluster names none. Another release of the operator may have another. */
export function defaultVersion(server: Server): string {
  return officialImages[server].tag;
}

/**
 * The image of a backend: `image`, else the official one with the tag `version`, else with the one that it was made with.
 * @param made the tag that it was made with; that of a new one unless told
 */
export function imageOf(
  server: Server,
  { image, version }: ImageChoice = {},
  made: string = defaultVersion(server),
): string {
  return image ?? `${officialImages[server].repository}:${version ?? made}`;
}

/** The tag of an official image, where it will mean the same tomorrow; `undefined` for any other image. */
export function pinnedVersionIn(server: Server, image: string): string | undefined {
  const start = `${officialImages[server].repository}:`;
  if (!image.startsWith(start) || image.includes('@') || isUnpinned(image)) return undefined;
  return image.slice(start.length);
}

/** Whether another image may hide behind the same name tomorrow: the tag is `latest`, or there is neither tag nor digest. */
export function isUnpinned(image: string): boolean {
  if (image.includes('@')) return false;
  const [, tag = 'latest'] = /:([^/:]+)$/.exec(image) ?? [];
  return tag === 'latest';
}

/** When the kubelet pulls: as the cluster says, else always for a name that may mean another image tomorrow. */
export function pullPolicyOf(
  server: Server,
  choice: ImageChoice = {},
  made?: string,
): NonNullable<Container['imagePullPolicy']> {
  return choice.imagePullPolicy ?? (isUnpinned(imageOf(server, choice, made)) ? 'Always' : 'IfNotPresent');
}
