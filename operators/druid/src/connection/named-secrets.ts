import type { ObjectRef } from '@capstan/kube';
import type { DruidIngestion } from '../api/v1alpha1/druid-ingestion.ts';
import type { Json } from '../druid/druid-api.ts';
import { isJsonObject, textAt } from '../spec/json-object.ts';
import { referencesIn } from '../spec/secret-references.ts';

const secretName = /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/;

/**
 * The Secrets whose changes concern an ingestion, as it is stored: perhaps without defaults, or not even of the right shape.
 * Those that only a ConfigMap names are known once its text has been sent, by what the status says of it.
 */
export function secretsNamedBy(resource: DruidIngestion): readonly ObjectRef[] {
  const { spec, status } = resource as { readonly spec?: unknown; readonly status?: unknown };
  const asked: Json = isJsonObject(spec) ? spec : {};
  const sent: Json = isJsonObject(status) ? (status['currentIngestionSpec.json'] ?? null) : null;
  const named = isJsonObject(asked)
    ? [textAt(asked, 'auth', 'secretRef', 'name'), textAt(asked, 'endpoint', 'caSecretRef', 'name')]
    : [];
  const referenced = [asked, sent].flatMap((value) => referencesIn(value).references.map(({ name }) => name));
  return refsOf([...named, ...referenced]);
}

/** The ConfigMap that the spec is taken from, if it is. */
export function configMapsNamedBy(resource: DruidIngestion): readonly ObjectRef[] {
  const { spec } = resource as { readonly spec?: unknown };
  return isJsonObject(spec) ? refsOf([textAt(spec, 'ingestion', 'specFrom', 'configMapKeyRef', 'name')]) : [];
}

function refsOf(names: readonly (string | undefined)[]): readonly ObjectRef[] {
  const valid = names.filter((name): name is string => name !== undefined && secretName.test(name));
  return [...new Set(valid)].map((name) => ({ name }));
}
