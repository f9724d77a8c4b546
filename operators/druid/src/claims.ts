import type { CacheReader } from '@capstan/runtime';
import type { DruidIngestion } from './api/v1alpha1/druid-ingestion.ts';
import { heldIn, isOfFirstOperator } from './converge/held.ts';
import type { StatusNotes } from './converge/ledger.ts';
import { druidAddress } from './druid/druid-address.ts';
import type { Json, JsonObject } from './druid/druid-api.ts';
import { isJsonObject, textAt, valueAt } from './spec/json-object.ts';
import { fallbackIdOf, isTaskType } from './spec/understand.ts';
import { understandOnce } from './spec/understand-once.ts';

/** Name of the index that resources with the same claim are found by. */
export const claimIndex = 'claims';

/** Another resource that asks for the same thing in Druid, and comes first. */
export interface Rival {
  readonly name: string;
  /** What both ask for: `supervisor clicks`. */
  readonly claim: string;
  /** Both had it from the first Druid operator, so neither comes first: which spec Druid has, only a person can say. */
  readonly isEven?: true;
}

/** By what both ask for: the resources that come before this one. */
export type Collisions = ReadonlyMap<string, Rival>;

/** The one that has or asks for the same supervisor. */
export function supervisorRival(collisions: Collisions): Rival | undefined {
  return [...collisions.values()].find(({ claim }) => claim.startsWith('supervisor '));
}

/** Name of the index that a resource is found by its UID in. */
export const uidIndex = 'uid';

/** Says which other resource has what a resource asks for, and what to do. */
export function collisionNote({ name, claim, isEven }: Rival): string {
  if (isEven === true)
    return `DruidIngestion/${name} had the same thing in Druid from the first Druid operator: ${claim}. Druid keeps it as it is. Delete the one of the two whose spec is not to count, which ends nothing in Druid`;
  return `DruidIngestion/${name} asks for the same thing in Druid, and came first: ${claim}. Change or delete one of the two`;
}

/** What a resource asks for, and what of it comes first because Druid has it from this resource already. */
interface Claims {
  readonly where: string;
  readonly asked: readonly string[];
  readonly held: readonly string[];
  /** The supervisor that the first Druid operator had made, while this one has not taken it over. */
  readonly inherited: readonly string[];
}

/**
 * What a resource, as it is stored, asks to have for itself in Druid, each with where: a supervisor, rules, compaction, lookups,
 * fields of dynamic configuration. Empty for a resource that nothing can be made of.
 */
export function claimsOf(resource: DruidIngestion): readonly string[] {
  const { where, asked } = claimed(resource);
  return asked.map((claim) => `${where} ${claim}`);
}

/** A stored resource is asked for its claims whenever another one is compared with it, and does not change. */
const known = new WeakMap<DruidIngestion, Claims>();

function claimed(resource: DruidIngestion): Claims {
  const before = known.get(resource);
  if (before !== undefined) return before;
  const claims = madeOut(resource);
  known.set(resource, claims);
  return claims;
}

function madeOut(resource: DruidIngestion): Claims {
  const { spec, status } = resource as { readonly spec?: unknown; readonly status?: unknown };
  if (!isJsonObject(spec) || resource.metadata.name === undefined) return nothingClaimed;
  const url = textAt(spec, 'endpoint', 'url');
  const cluster = `${resource.metadata.namespace}/${textAt(spec, 'druidCluster')}`;
  const where = url === undefined ? cluster : (druidAddress(url) ?? url);
  const has: JsonObject = isJsonObject(status) ? status : {};
  const ofIngestion = ingestionClaims(resource, spec, has);
  const inherited = inheritedBy(has);
  // What is still to be taken out of Druid is claimed as well: who comes after would lose it again.
  const made = settingClaims(has, (config) => (Array.isArray(config) ? config.flatMap(fieldNameOf) : []));
  const wanted = settingClaims(spec, (config) => (isJsonObject(config) ? Object.keys(config) : []));
  return {
    where,
    asked: [...new Set([...ofIngestion, ...inherited, ...wanted, ...made])],
    held: [...heldByIngestion(has), ...made],
    inherited,
  };
}

const nothingClaimed: Claims = { where: '', asked: [], held: [], inherited: [] };

function inheritedBy(has: JsonObject): readonly string[] {
  const fields = ['id', 'taskId', 'lastGoodSpecHash', 'ingestionType', 'currentIngestionSpec.json'] as const;
  const status: StatusNotes = Object.fromEntries(fields.map((field) => [field, textAt(has, field)]));
  if (!isOfFirstOperator(status) || heldIn(status)?.isTask !== false) return [];
  return claimsFor([['supervisor', status.taskId]]);
}

/** What is only asked for never comes before what Druid has. */
function heldByIngestion(status: JsonObject): readonly string[] {
  const [id, taken] = [textAt(status, 'id') ?? textAt(status, 'taskId'), textAt(status, 'lastGoodSpecHash')];
  const isSupervisor = !isTaskType(textAt(status, 'ingestionType') ?? '');
  const [rules, compaction] = [textAt(status, 'rulesDataSource'), textAt(status, 'compactionDataSource')];
  return claimsFor([
    ['supervisor', taken !== undefined && isSupervisor ? id : undefined],
    ['rules', rules],
    ['compaction', compaction],
  ]);
}

/** Such as `rules clicks`, for whatever has a name. */
function claimsFor(things: readonly (readonly [string, string | undefined])[]): readonly string[] {
  return things.flatMap(([what, name]) => (name === undefined || name === '' ? [] : [`${what} ${name}`]));
}

function ingestionClaims(resource: DruidIngestion, spec: JsonObject, status: JsonObject): readonly string[] {
  const { supervisorId, dataSource, isSupervisor } = understoodOf(resource, spec);
  const known = isSupervisor ? textAt(status, 'id') : undefined;
  // While Druid does not take the spec, what belongs to the data source follows the spec that it has.
  const dataSources = [dataSource, textAt(status, 'dataSource')];
  const ofDataSource = (what: 'rules' | 'compaction') =>
    isAsked(valueAt(spec, 'ingestion', what)) ? dataSources.map((each) => [what, each] as const) : [];
  const ofSupervisor = [supervisorId, known].map((id) => ['supervisor', id] as const);
  return [...new Set(claimsFor([...ofSupervisor, ...ofDataSource('rules'), ...ofDataSource('compaction')]))];
}

function understoodOf(resource: DruidIngestion, spec: JsonObject) {
  const type = textAt(spec, 'ingestion', 'type') ?? '';
  const native = valueAt(spec, 'ingestion', 'nativeSpec');
  const written = isJsonObject(native) && Object.keys(native).length > 0 ? native : textAt(spec, 'ingestion', 'spec');
  // The text of a ConfigMap is not at hand; what has been sent of it is known by its id.
  if (written === undefined) return { isSupervisor: !['native-batch', 'sql'].includes(type) };
  const understanding = understandOnce({ type, spec: written, fallbackId: fallbackIdOf(resource) });
  if ('problem' in understanding) return { isSupervisor: false };
  const { kind, supervisorId, dataSource } = understanding.understood;
  return { isSupervisor: kind === 'Supervisor', supervisorId, dataSource };
}

function isAsked(value: Json | undefined): boolean {
  return value !== undefined && (!Array.isArray(value) || value.length > 0);
}

/** Lookups and fields of dynamic configuration, which spec and status name alike. */
function settingClaims(
  from: JsonObject,
  fieldNames: (config: Json | undefined) => readonly string[],
): readonly string[] {
  const lookups = valueAt(from, 'lookups');
  return [
    ...(Array.isArray(lookups) ? lookups.flatMap(lookupClaim) : []),
    ...['coordinator', 'overlord'].flatMap((owner) =>
      fieldNames(valueAt(from, 'dynamicConfig', owner)).map((field) => `${owner} configuration ${field}`),
    ),
  ];
}

function lookupClaim(lookup: Json): readonly string[] {
  const name = isJsonObject(lookup) ? textAt(lookup, 'name') : undefined;
  return isJsonObject(lookup) && name !== undefined ? [`lookup ${textAt(lookup, 'tier') ?? '__default'}/${name}`] : [];
}

function fieldNameOf(own: Json): readonly string[] {
  const field = isJsonObject(own) ? textAt(own, 'field') : undefined;
  return field === undefined ? [] : [field];
}

/** What other resources ask for too, and come first with. */
export function collisionsOf(
  resource: DruidIngestion,
  cache: Pick<CacheReader<DruidIngestion>, 'byIndex'>,
): Collisions {
  const { where, asked } = claimed(resource);
  const collisions = new Map<string, Rival>();
  for (const claim of asked) {
    const others = cache.byIndex(claimIndex, `${where} ${claim}`);
    const first = others.find(
      (other) => other.metadata.uid !== resource.metadata.uid && comesBefore(other, resource, claim),
    );
    if (first === undefined) continue;
    const isEven = inherits(first, claim) && inherits(resource, claim);
    collisions.set(claim, { name: first.metadata.name, claim, ...(isEven && { isEven }) });
  }
  return collisions;
}

function inherits(resource: DruidIngestion, claim: string): boolean {
  return claimed(resource).inherited.includes(claim);
}

/**
 * Whoever has it in Druid already, then who had it from the first Druid operator, then the older one; equals by UID, so that exactly
 * one is first.
 */
function comesBefore(other: DruidIngestion, resource: DruidIngestion, claim: string): boolean {
  if (inherits(other, claim) && inherits(resource, claim)) return true;
  const [theirs, ours] = [rank(other, claim), rank(resource, claim)];
  return theirs < ours;
}

function rank(resource: DruidIngestion, claim: string): string {
  const { metadata } = resource;
  const isHeld = claimed(resource).held.includes(claim);
  const standing = isHeld ? '0' : inherits(resource, claim) ? '1' : '2';
  return [standing, String(metadata.creationTimestamp ?? ''), metadata.uid ?? ''].join(' ');
}
