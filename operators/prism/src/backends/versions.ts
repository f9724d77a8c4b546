import type { Container } from '@capstan/kube';
import type { PrismBackend } from '../api/v1alpha1/prism-cluster.ts';
import type { BackendKind } from './backend-kind.ts';

/** What has an official image here: the backends, and the ZooKeeper of a Kafka below 4. */
export type Server = BackendKind | 'zookeeper';

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

/** The image of a backend: `image`, else the official one with the tag `version`, else with a pinned tag. */
export function imageOf(server: Server, { image, version }: ImageChoice = {}): string {
  const { repository, tag } = officialImages[server];
  return image ?? `${repository}:${version ?? tag}`;
}

/** Whether another image may hide behind the same name tomorrow: the tag is `latest`, or there is neither tag nor digest. */
export function isUnpinned(image: string): boolean {
  if (image.includes('@')) return false;
  const [, tag = 'latest'] = /:([^/:]+)$/.exec(image) ?? [];
  return tag === 'latest';
}

/** When the kubelet pulls: as the cluster says, else always for a name that may mean another image tomorrow. */
export function pullPolicyOf(server: Server, choice: ImageChoice = {}): NonNullable<Container['imagePullPolicy']> {
  return choice.imagePullPolicy ?? (isUnpinned(imageOf(server, choice)) ? 'Always' : 'IfNotPresent');
}
