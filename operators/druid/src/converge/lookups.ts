import type { DruidIngestionSpec, DruidIngestionStatus } from '../api/v1alpha1/druid-ingestion.ts';
import type { Json } from '../druid/druid-api.ts';
import { isJsonObject, textAt } from '../spec/json-object.ts';
import { objectHash } from '../spec/object-hash.ts';
import { referenceKey, referencesIn } from '../spec/secret-references.ts';
import type { Obstacle } from './ledger.ts';
import { laterVersion } from './lookup-version.ts';
import { isLookup, type LookupAspect } from './memory.ts';
import { adoptAnnotation, adopts } from './ownership.ts';
import { convergeSetting, type Setting } from './setting.ts';
import { filled, type Work } from './work.ts';

type Lookup = NonNullable<DruidIngestionSpec['lookups']>[number];

/** What names a lookup in Druid. */
export type LookupName = NonNullable<DruidIngestionStatus['lookups']>[number];

/** Makes the lookups as the spec says; those that it does not ask for any more, and we had made, are removed. */
export async function convergeLookups(work: Work): Promise<void> {
  const { ingestion, ledger, memory, uid } = work;
  const { lookups = [] } = ingestion.spec;
  const asked = new Set<string>(lookups.map(aspectOf));
  for (const aspect of [...memory.of(uid).keys()]) if (isLookup(aspect) && !asked.has(aspect)) memory.drop(uid, aspect);
  for (const made of ledger.status.lookups ?? [])
    if (!asked.has(aspectOf(made))) await convergeSetting(lookupSetting(made, undefined, work), work);
  for (const lookup of lookups) await convergeLookup(lookup, work);
}

async function convergeLookup(lookup: Lookup, work: Work): Promise<void> {
  const { lookupExtractorFactory: factory } = lookup;
  const missing = referencesIn(factory).references.find((each) => !work.values.has(referenceKey(each)));
  if (missing === undefined) return convergeSetting(lookupSetting(lookup, factory, work), work);
  // What Druid has stays until there is something to put in its place.
  work.memory.drop(work.uid, aspectOf(lookup));
  const message = `Secret/${missing.name} with the key ${missing.key}, which lookup ${lookup.name} of ${lookup.tier} refers to, does not exist`;
  work.ledger.block({ reason: 'SecretMissing', message });
}

function aspectOf({ tier, name }: LookupName): LookupAspect {
  return `lookup ${tier}/${name}`;
}

function lookupSetting(lookup: LookupName, factory: Lookup['lookupExtractorFactory'] | undefined, work: Work): Setting {
  const { tier, name } = lookup;
  const { ledger, now, ingestion } = work;
  const wanted = factory && filled(factory, work);
  const isMade = (ledger.status.lookups ?? []).some((each) => isSame(each, lookup));
  return {
    ...{ aspect: aspectOf(lookup), name: `lookup ${name}`, wanted, place: tier, isExact: true },
    ...{ key: keyOf(factory ?? null, work), rejectedReason: 'LookupRejected', ownedOf: isMade ? tier : undefined },
    read: (api, of) => api.lookup(of, name),
    compared: (current) => (isJsonObject(current) ? current['lookupExtractorFactory'] : undefined),
    foreignness: (current) => (current === undefined || adopts(ingestion) ? undefined : foreign(lookup)),
    write: (api, of, current) => {
      const version = laterVersion(isJsonObject(current) ? textAt(current, 'version') : undefined, now);
      return api.setLookup(of, name, { version, lookupExtractorFactory: wanted ?? {} });
    },
    remove: (api, of) => api.removeLookup(of, name),
    own: (of) => own(lookup, of !== undefined, work),
    noted: () => ({ lookups: ledger.status.lookups }),
  };
}

/** By the versions of its Secrets, and by whether it may take over what is there: both count at once. */
function keyOf(factory: Json, { secretVersionOf, ingestion }: Work): string {
  const versions = referencesIn(factory).references.map(({ name }) => secretVersionOf(name));
  return objectHash([factory, versions, adopts(ingestion)]);
}

function foreign({ tier, name }: LookupName): Obstacle {
  const message = `Druid has a lookup ${name} of ${tier} that this resource did not make. Give it another name, or put the annotation ${adoptAnnotation}=true on this resource to take it over`;
  return { reason: 'LookupNotOurs', message };
}

function own({ tier, name }: LookupName, isMade: boolean, { ledger }: Pick<Work, 'ledger'>): void {
  const others = (ledger.status.lookups ?? []).filter((each) => !isSame(each, { tier, name }));
  const lookups = [...others, ...(isMade ? [{ tier, name }] : [])].sort((a, b) => (aspectOf(a) < aspectOf(b) ? -1 : 1));
  ledger.note({ lookups: lookups.length === 0 ? undefined : lookups });
}

function isSame(a: LookupName, b: LookupName): boolean {
  return a.tier === b.tier && a.name === b.name;
}
