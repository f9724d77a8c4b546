import type { Pass } from '@capstan/runtime';
import type { DruidIngestion, DruidIngestionStatus } from './api/v1alpha1/druid-ingestion.ts';
import { operationNames } from './api/v1alpha1/operations.ts';
import { type Collisions, collisionsOf, supervisorRival } from './claims.ts';
import { isOfFirstOperator } from './converge/held.ts';
import { jsonOf } from './druid/json-text.ts';
import { isJsonObject, textAt } from './spec/json-object.ts';
import { objectHash } from './spec/object-hash.ts';
import { mayBeSent } from './spec/safety/may-be-sent.ts';
import type { SafetyRules } from './spec/safety/safety-rules.ts';
import { specHash } from './spec/spec-hash.ts';
import { fallbackIdOf, type Understood } from './spec/understand.ts';
import { understandSent } from './spec/understand-sent.ts';
import { writtenSpec } from './spec/written-spec.ts';

/** What a resource is taken over by: the others, the time (RFC 3339), and what a spec may hold. */
type TakingOver = Pick<Pass<DruidIngestion>, 'cache' | 'now'> & { readonly safety: SafetyRules };

/**
 * A resource whose status is that of the first Druid operator, with the status that this one would have: what Druid took is known,
 * so that a supervisor whose spec has not changed since is left as it runs, and a task is not run again. The same resource where
 * there is nothing to take over, or where another one has or names the same supervisor. Pure.
 */
export function takenOver(ingestion: DruidIngestion, { cache, now, safety }: TakingOver): DruidIngestion {
  const { status } = ingestion;
  if (status === undefined || !isOfFirstOperator(status)) return ingestion;
  const collisions = collisionsOf(ingestion, cache);
  if (supervisorRival(collisions) !== undefined) return ingestion;
  // What cannot be read is taken for what the resource says: else a batch would be run a second time.
  const sent = sentSpec(ingestion, status) ?? writtenSpec(ingestion);
  if (sent === undefined) return ingestion;
  const { rules: _theirs, 'currentIngestionSpec.json': _sent, ...rest } = status;
  const operations = skipped(ingestion, now);
  return {
    ...ingestion,
    status: {
      ...{ ...rest, ...takenSpec(sent, status, safety), ...ownSettings(ingestion, sent, collisions) },
      ...(operations.length > 0 && { operations }),
    },
  };
}

/** What the first operator noted as sent. */
function sentSpec(ingestion: DruidIngestion, status: DruidIngestionStatus): Understood | undefined {
  const spec = jsonOf(status['currentIngestionSpec.json'] ?? '');
  if (!isJsonObject(spec)) return undefined;
  return understandSent(spec, textAt(spec, 'type') ?? '', fallbackIdOf(ingestion));
}

/** What the status says of a spec that Druid has taken. */
function takenSpec(sent: Understood, { taskId }: DruidIngestionStatus, safety: SafetyRules) {
  const { kind, type, dataSource } = sent;
  const spec = kind === 'Supervisor' ? { type, ...sent.spec } : sent.spec;
  // What may not be sent is not kept either: it may hold a password.
  const isKept = mayBeSent(spec, new Map(), safety);
  return {
    ...(taskId !== undefined && { id: taskId }),
    ingestionType: type,
    ...(dataSource !== undefined && { dataSource }),
    lastGoodSpecHash: kind === 'Supervisor' ? specHash(spec) : objectHash(spec),
    ...(isKept && { 'currentIngestionSpec.json': JSON.stringify(spec) }),
  };
}

/**
 * Rules and compaction that the resource still names are its own to remove some day. The first operator never removed any, so what
 * is not named any more stays in Druid, and nobody's.
 */
function ownSettings(
  ingestion: DruidIngestion,
  { dataSource }: Understood,
  collisions: Collisions,
): Pick<DruidIngestionStatus, 'rules' | 'rulesDataSource' | 'compactionDataSource'> {
  const { rules: wanted = [], compaction } = ingestion.spec.ingestion;
  const { rules } = ingestion.status ?? {};
  if (dataSource === undefined) return {};
  const isFree = (what: 'rules' | 'compaction') => !collisions.has(`${what} ${dataSource}`);
  const hasRules = rules !== undefined && wanted.length > 0 && isFree('rules');
  // Only of the data source that the resource names by now is known that compaction was set.
  const hasCompaction =
    compaction !== undefined && writtenSpec(ingestion)?.dataSource === dataSource && isFree('compaction');
  return {
    ...(hasRules && { rules, rulesDataSource: dataSource }),
    ...(hasCompaction && { compactionDataSource: dataSource }),
  };
}

/** What is asked for already was not asked of this operator, and offsets do not come back. */
function skipped(
  { spec: { operations } }: DruidIngestion,
  time: string,
): NonNullable<DruidIngestionStatus['operations']> {
  return operationNames.flatMap((name) => {
    const nonce = operations?.[name]?.nonce;
    return nonce === undefined ? [] : [{ name, nonce, state: 'Skipped' as const, time }];
  });
}
