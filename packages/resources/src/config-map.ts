import type { ConfigMap, Draft } from '@capstan/kube';
import { child } from './child.ts';
import { fileProblems } from './files.ts';
import { InvalidChildError } from './invalid-child-error.ts';
import type { ChildMetadata } from './metadata.ts';
import { dnsSubdomain } from './names.ts';

export interface ConfigMapOptions {
  /** Files that are not text. */
  readonly binaryData?: Readonly<Record<string, Uint8Array>>;
  /** Nobody, the operator included, may change it any more: a change needs a ConfigMap of another name. */
  readonly immutable?: boolean;
}

/**
 * A ConfigMap of text files: file name to content. The API server takes at most 1 MiB in all.
 * @throws {InvalidChildError} for file names and sizes that the server refuses
 *
 * @example
 * ```ts
 * configMap({ name: 'orders-config' }, { 'orders.yaml': 'port: 9092\n' })
 * ```
 */
export function configMap(
  metadata: ChildMetadata,
  data: Readonly<Record<string, string>>,
  { binaryData, immutable }: ConfigMapOptions = {},
): Draft<ConfigMap> {
  const problems = [...fileProblems({ data, binaryData })];
  if (problems.length > 0) throw new InvalidChildError(`ConfigMap/${metadata.name}`, problems);
  const draft: Draft<ConfigMap> = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata,
    data,
    ...(binaryData !== undefined && { binaryData: encoded(binaryData) }),
    ...(immutable !== undefined && { immutable }),
  };
  return child<ConfigMap>(draft, dnsSubdomain);
}

function encoded(files: Readonly<Record<string, Uint8Array>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(files).map(([name, bytes]) => [name, Buffer.from(bytes).toString('base64')]),
  );
}
