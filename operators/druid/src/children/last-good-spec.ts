import { createHash } from 'node:crypto';
import type { ConfigMap, Draft } from '@capstan/kube';
import { configMap } from '@capstan/resources';
import { DruidIngestion } from '../api/v1alpha1/druid-ingestion.ts';
import type { LastGood } from '../converge/ledger.ts';
import { isJsonObject } from '../spec/json-object.ts';
import { specHash } from '../spec/spec-hash.ts';

/** The key of the spec in its ConfigMap. */
const key = 'spec.json';

/** On the ConfigMap: SHA-256 of the spec in it, as in `status.lastGoodSpecHash`. */
export const objectHashAnnotation = `${DruidIngestion.group}/object-hash`;

/** How long the name of an object may be. */
const longestName = 253;

/** Name of the ConfigMap that keeps the last spec Druid took. */
export function lastGoodName(name: string): string {
  const suffix = '-last-good-spec';
  if (name.length + suffix.length <= longestName) return `${name}${suffix}`;
  const digest = createHash('sha256').update(name).digest('hex').slice(0, 10);
  return `${name.slice(0, longestName - suffix.length - digest.length - 1)}-${digest}${suffix}`;
}

/** The ConfigMap that keeps the last spec Druid took, references to Secrets not put in. */
export function lastGoodConfigMap({ metadata }: DruidIngestion, { spec, hash }: LastGood): Draft<ConfigMap> {
  const { name, namespace } = metadata;
  return configMap(
    {
      ...{ name: lastGoodName(name), ...(namespace !== undefined && { namespace }) },
      labels: { 'app.kubernetes.io/managed-by': 'druid-operator', 'app.kubernetes.io/instance': name.slice(0, 63) },
      annotations: { [objectHashAnnotation]: hash },
    },
    { [key]: `${JSON.stringify(spec, null, 2)}\n` },
  );
}

/** The last good spec from wherever it was kept: the first that has the hash. */
export function lastGoodSpec(
  hash: string,
  kept: readonly (ReadonlyMap<string, string> | string | undefined)[],
): LastGood | undefined {
  for (const each of kept) {
    const spec = parsed(typeof each === 'string' ? each : each?.get(key));
    if (spec !== undefined && specHash(spec) === hash) return { hash, spec };
  }
  return undefined;
}

/** Somebody may have written anything into it. */
function parsed(text: string | undefined) {
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
