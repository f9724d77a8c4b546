import type { CacheReader } from '@capstan/runtime';
import type { DruidIngestion } from './api/v1alpha1/druid-ingestion.ts';
import type { Json } from './druid/druid-api.ts';
import { isJsonObject, textAt, valueAt } from './spec/json-object.ts';
import { fallbackIdOf, understand } from './spec/understand.ts';

/** Name of the index that resources with the same claim are found by. */
export const claimIndex = 'claims';

/**
 * What a resource, as it is stored, asks to have for itself in Druid: `supervisor`, `rules` and `compaction`, each with where
 * and whose. Empty for a resource that nothing can be made of.
 */
export function claimsOf(resource: DruidIngestion): readonly string[] {
  const { spec, status } = resource as { readonly spec?: unknown; readonly status?: unknown };
  if (!isJsonObject(spec) || resource.metadata.name === undefined) return [];
  const where = textAt(spec, 'endpoint', 'url') ?? `${resource.metadata.namespace}/${textAt(spec, 'druidCluster')}`;
  const understood = understoodOf(resource, spec);
  const { supervisorId, dataSource } = understood;
  const known = isJsonObject(status) && understood.isSupervisor ? textAt(status, 'id') : undefined;
  const ids = [...new Set([supervisorId, known])];
  return [
    ...ids.map((id) => id && `supervisor ${id}`),
    isAsked(valueAt(spec, 'ingestion', 'rules')) ? dataSource && `rules ${dataSource}` : undefined,
    isAsked(valueAt(spec, 'ingestion', 'compaction')) ? dataSource && `compaction ${dataSource}` : undefined,
  ].flatMap((claim) => (claim === undefined || claim === '' ? [] : [`${where} ${claim}`]));
}

function understoodOf(resource: DruidIngestion, spec: { readonly [field: string]: Json }) {
  const type = textAt(spec, 'ingestion', 'type') ?? '';
  const native = valueAt(spec, 'ingestion', 'nativeSpec');
  const written = isJsonObject(native) && Object.keys(native).length > 0 ? native : textAt(spec, 'ingestion', 'spec');
  // The text of a ConfigMap is not at hand; what has been sent of it is known by its id.
  if (written === undefined) return { isSupervisor: !['native-batch', 'sql'].includes(type) };
  const understanding = understand({ type, spec: written, fallbackId: fallbackIdOf(resource) });
  if ('problem' in understanding) return { isSupervisor: false };
  const { kind, supervisorId, dataSource } = understanding.understood;
  return { isSupervisor: kind === 'Supervisor', supervisorId, dataSource };
}

function isAsked(value: Json | undefined): boolean {
  return value !== undefined && (!Array.isArray(value) || value.length > 0);
}

/** Another resource with a claim in common that comes before this one; `undefined` when there is none. */
export function rivalOf(
  resource: DruidIngestion,
  cache: Pick<CacheReader<DruidIngestion>, 'byIndex'>,
): DruidIngestion | undefined {
  const others = claimsOf(resource).flatMap((claim) => cache.byIndex(claimIndex, claim));
  return others.find((other) => other.metadata.uid !== resource.metadata.uid && comesBefore(other, resource));
}

/** Whoever has something in Druid already, then the older one; equals by UID, so that exactly one is first. */
function comesBefore(other: DruidIngestion, resource: DruidIngestion): boolean {
  const [theirs, ours] = [rank(other), rank(resource)];
  return theirs < ours;
}

function rank({ metadata, status }: DruidIngestion): string {
  const hasSomething = typeof status?.lastGoodSpecHash === 'string';
  return [hasSomething ? '0' : '1', String(metadata.creationTimestamp ?? ''), metadata.uid ?? ''].join(' ');
}
