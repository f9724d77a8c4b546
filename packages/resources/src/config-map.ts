import type { ConfigMap, Draft } from '@capstan/kube';
import type { ChildMetadata } from './metadata.ts';

/** A ConfigMap of text files: file name to content. The API server takes at most 1 MiB in all. */
export function configMap(metadata: ChildMetadata, data: Readonly<Record<string, string>>): Draft<ConfigMap> {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata, data };
}
