import type { Pass } from '@capstan/runtime';
import type { DruidIngestion } from './api/v1alpha1/druid-ingestion.ts';
import { lastGoodName, lastGoodSpec } from './children/last-good-spec.ts';
import { type Collisions, collisionsOf, type Rival, supervisorRival } from './claims.ts';
import { type Connecting, connect, type References, urlOf } from './connection/connect.ts';
import type { VersionedContents } from './connection/versioned-contents.ts';
import { heldIn } from './converge/held.ts';
import type { LastGood } from './converge/ledger.ts';
import type { JsonObject } from './druid/druid-api.ts';
import { specMustBeValid } from './judge/spec-must-be-valid.ts';
import { referencesIn } from './spec/secret-references.ts';
import { fallbackIdOf, type Understanding } from './spec/understand.ts';
import { understandOnce } from './spec/understand-once.ts';
import { withoutWishes } from './without-wishes.ts';

/** Where a spec comes from, or what is missing there. */
export type Source = { readonly spec: string | JsonObject } | { readonly missing: string };

/** What one pass knows of the world besides the resource itself, before Druid is asked. */
export interface Observed {
  /** `undefined` when the resource is not of the right shape. */
  readonly source?: Source;
  readonly understanding?: Understanding;
  readonly connecting?: Connecting;
  /** The address that Druid is asked at, if it is known. */
  readonly url?: string;
  readonly lastGood?: LastGood;
  /** Another resource that asks for the same supervisor, and comes first. */
  readonly rival?: Rival;
  /** Whatever other resources ask for too, and come first with. */
  readonly collisions: Collisions;
}

type Observing = Pick<Pass<DruidIngestion>, 'cache' | 'read' | 'signal'>;

/** Every read of one pass from the API server. */
export async function observe(
  ingestion: DruidIngestion,
  pass: Observing,
  contents: VersionedContents,
): Promise<Observed> {
  if (specMustBeValid(ingestion, {}) !== undefined) return observeHeld(ingestion, pass, contents);
  const source = await sourceOf(ingestion, pass, contents);
  if ('missing' in source) return { source, ...(await observeHeld(ingestion, pass, contents)) };
  const understanding = understandOnce({ ...ingestion.spec.ingestion, ...source, fallbackId: fallbackIdOf(ingestion) });
  if ('problem' in understanding) return { source, understanding, ...(await observeHeld(ingestion, pass, contents)) };
  const lastGood = await lastGoodOf(ingestion, pass, contents);
  const connecting = await connect(ingestion, referencesOf(ingestion, understanding, lastGood), pass, contents);
  const url = urlOf(ingestion, pass);
  const collisions = collisionsOf(ingestion, pass.cache);
  const rival = supervisorRival(collisions);
  return {
    ...{ source, understanding, connecting, collisions },
    ...(url !== undefined && { url }),
    ...(lastGood !== undefined && { lastGood }),
    ...(rival !== undefined && { rival }),
  };
}

/** What it takes to look after what Druid has, of a resource that nothing can be made of besides. */
async function observeHeld(ingestion: DruidIngestion, pass: Observing, contents: VersionedContents): Promise<Observed> {
  const collisions: Collisions = new Map();
  const held = withoutWishes(ingestion);
  if (heldIn(held.status ?? {}) === undefined || specMustBeValid(held, {}) !== undefined) return { collisions };
  const lastGood = await lastGoodOf(held, pass, contents);
  const further = referencesIn(lastGood?.spec ?? null).references;
  const connecting = await connect(held, { needed: [], further }, pass, contents);
  return { connecting, collisions, ...(lastGood !== undefined && { lastGood }) };
}

/** A lookup that lacks its Secret holds up itself alone, and so does a former spec. */
function referencesOf(
  { spec }: DruidIngestion,
  { understood }: Extract<Understanding, { understood: unknown }>,
  lastGood: LastGood | undefined,
): References {
  const further = [lastGood?.spec ?? null, ...(spec.lookups ?? []).map((lookup) => lookup.lookupExtractorFactory)];
  return { needed: understood.references, further: referencesIn(further).references };
}

async function sourceOf(
  { metadata, spec }: DruidIngestion,
  pass: Observing,
  contents: VersionedContents,
): Promise<Source> {
  const { spec: text, nativeSpec, specFrom } = spec.ingestion;
  if (nativeSpec !== undefined && Object.keys(nativeSpec).length > 0) return { spec: nativeSpec };
  if (specFrom === undefined) return { spec: text ?? '' };
  const { name = '', key } = specFrom.configMapKeyRef;
  const found = await contents.configMap(metadata.namespace ?? '', name, pass);
  const value = found?.values.get(key);
  if (value !== undefined) return { spec: value };
  return { missing: found === undefined ? `ConfigMap/${name} does not exist` : `ConfigMap/${name} has no key ${key}` };
}

/** Read from the ConfigMap of the operator, or from the status if somebody has spoilt that. */
async function lastGoodOf(
  { metadata, status }: DruidIngestion,
  pass: Observing,
  contents: VersionedContents,
): Promise<LastGood | undefined> {
  const { lastGoodSpecHash: hash, 'currentIngestionSpec.json': sent } = status ?? {};
  if (hash === undefined) return undefined;
  const kept = await contents.configMap(metadata.namespace ?? '', lastGoodName(metadata.name), pass);
  return lastGoodSpec(hash, [kept?.values, sent]);
}
