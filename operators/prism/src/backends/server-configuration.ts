import { configMap, secret } from '@capstan/resources';
import type { StepObject } from '@capstan/runtime';
import type { PrismCluster } from '../api/v1alpha1/prism-cluster.ts';
import { childMetadata } from '../labels.ts';
import { backendName } from '../names.ts';
import type { BackendServer } from './server.ts';
import type { Server } from './versions.ts';

/** The name of the Secret or ConfigMap with the files that a server reads. */
export function configurationName(cluster: PrismCluster, server: Server): string {
  return `${backendName(cluster, server)}-config`;
}

/** The files that a server reads at start, in a Secret where there are secrets in them; nothing where it reads none. */
export function serverConfiguration(cluster: PrismCluster, { server, files }: BackendServer): readonly StepObject[] {
  if (files === undefined) return [];
  const { contents, areSecret } = files;
  const metadata = childMetadata(cluster, configurationName(cluster, server), server, 'backend');
  return [areSecret ? secret(metadata, { stringData: contents }) : configMap(metadata, contents)];
}
