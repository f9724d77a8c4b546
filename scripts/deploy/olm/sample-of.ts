import { readFileSync } from 'node:fs';
import type { CustomResourceDefinition } from '@capstan/crd';
import { parseAllDocuments } from 'yaml';

/** Where the sample lies that says the least about each kind. */
const smallest: Readonly<Record<string, string>> = {
  StreamBusCluster: 'minimal.yaml',
  DruidIngestion: 'minimal.yaml',
  PrismCluster: 'prismcluster-minimal.yaml',
  PrismPattern: 'prismpattern-minimal.yaml',
  PrismNamespace: 'prismnamespace-minimal.yaml',
  PrismFederation: 'prismfederation-minimal.yaml',
};

/**
 * The smallest sample of a kind, in no namespace: consoles create it in the one that is looked at.
 * @param system the folder of samples
 * @throws {Error} where there is none
 */
export function sampleOf({ spec: { names } }: CustomResourceDefinition, system: string): object {
  const file = smallest[names.kind];
  if (file === undefined)
    throw new Error(`name the smallest sample of ${names.kind} in scripts/deploy/olm/sample-of.ts`);
  const text = readFileSync(new URL(`../../../deploy/samples/${system}/${file}`, import.meta.url), 'utf8');
  const found = parseAllDocuments(text)
    .map((document): unknown => document.toJS())
    .find((value) => isKind(value, names.kind));
  if (found === undefined) throw new Error(`deploy/samples/${system}/${file} holds no ${names.kind}`);
  const { namespace: _any, ...metadata } = { namespace: undefined, ...found.metadata };
  return { ...found, metadata };
}

function isKind(value: unknown, kind: string): value is { readonly metadata: object } {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === kind && 'metadata' in value;
}
