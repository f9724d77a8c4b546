import type { DruidIngestionSpec } from '../api/v1alpha1/druid-ingestion.ts';
import { unsafeLoginModules } from '../spec/safety/consumer-properties.ts';
import { unsafeLookup } from '../spec/safety/lookups.ts';
import { referenceKey, referencesIn, withSecrets } from '../spec/secret-references.ts';
import type { Guard } from './guard.ts';

type Lookup = NonNullable<DruidIngestionSpec['lookups']>[number];

/** A lookup may have Druid call any host from inside, as an input source may. */
export const lookupsMustBeSafe: Guard = ({ spec: { lookups = [] } }, { connecting }, { safety }) => {
  const malformed = lookups.find(
    ({ lookupExtractorFactory }) => referencesIn(lookupExtractorFactory).malformed.length > 0,
  );
  if (malformed !== undefined) return { reason: 'SpecInvalid', message: malformedNote(malformed) };
  const values = connecting !== undefined && 'connected' in connecting ? connecting.connected.values : new Map();
  const problems = lookups.flatMap((lookup) => {
    const { lookupExtractorFactory: factory } = lookup;
    const found = [...unsafeLookup(factory, safety), ...unsafeOnceFilled(factory, values)];
    return found.map((problem) => `spec.lookups: ${lookup.name} of ${lookup.tier}: ${problem}`);
  });
  return problems.length === 0 ? undefined : { reason: 'SpecUnsafe', message: problems.join('; ') };
};

function malformedNote({ name, tier }: Lookup): string {
  return `spec.lookups: ${name} of ${tier} holds a reference that is not of the form \${secret:name/key}; write it so`;
}

/** A Secret may hold what could not stand in the spec; one that is missing holds up its lookup alone. */
function unsafeOnceFilled(
  factory: Lookup['lookupExtractorFactory'],
  values: ReadonlyMap<string, string>,
): readonly string[] {
  const isComplete = referencesIn(factory).references.every((each) => values.has(referenceKey(each)));
  return isComplete ? unsafeLoginModules(withSecrets(factory, values)) : [];
}
