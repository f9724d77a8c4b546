import type { Json, JsonObject } from '../druid/druid-api.ts';
import { includes } from '../spec/includes.ts';
import { objectHash } from '../spec/object-hash.ts';
import type { StatusNotes } from './ledger.ts';
import type { Setting } from './setting.ts';
import type { Work } from './work.ts';

type Asking = Pick<Work, 'ingestion' | 'understood' | 'ledger'>;

/** The retention rules of the data source. */
export function rulesSetting({ ingestion, understood, ledger }: Asking): Setting {
  const { rules } = ingestion.spec.ingestion;
  const wanted = rules === undefined || rules.length === 0 ? undefined : rules;
  const { status } = ledger;
  const place = dataSourceOf({ understood, ledger });
  return {
    ...{ aspect: 'rules', name: 'retention rules', wanted, rejectedReason: 'RulesRejected' },
    ...{ ownedOf: status.rulesDataSource, place, key: objectHash([place ?? null, wanted ?? null]) },
    isStillOurs: (current) =>
      isAsSet(ledger.status.rulesHash, current) ?? includes(current, ledger.status.rules ?? wanted ?? null),
    read: (api, dataSource) => api.rules(dataSource),
    write: (api, dataSource) => api.setRules(dataSource, wanted ?? []),
    remove: (api, dataSource) => api.setRules(dataSource, []),
    own: (dataSource, rulesHash) =>
      ledger.note({ rulesDataSource: dataSource, rules: dataSource === undefined ? undefined : wanted, rulesHash }),
    noted: () => pick(ledger.status, 'rulesDataSource', 'rules', 'rulesHash'),
  };
}

/** While Druid does not take a spec with another data source, what belongs to the former one stays with that. */
function dataSourceOf({ understood, ledger }: Pick<Asking, 'understood' | 'ledger'>): string | undefined {
  return ledger.status.dataSource ?? understood.dataSource;
}

/** Whether Druid shows what it showed when a setting was made; `undefined` where nobody saw that. */
function isAsSet(hash: string | undefined, current: Json | undefined): boolean | undefined {
  return hash === undefined ? undefined : objectHash(current ?? null) === hash;
}

function pick(status: StatusNotes, ...fields: readonly (keyof StatusNotes)[]): StatusNotes {
  return Object.fromEntries(fields.map((field) => [field, status[field]]));
}

/** The automatic compaction of the data source. */
export function compactionSetting({ ingestion, understood, ledger }: Asking): Setting {
  const { compaction } = ingestion.spec.ingestion;
  const dataSource = dataSourceOf({ understood, ledger });
  const wanted: JsonObject | undefined =
    compaction === undefined || dataSource === undefined ? compaction : { ...compaction, dataSource };
  return {
    ...{ aspect: 'compaction', name: 'compaction', wanted, rejectedReason: 'CompactionRejected' },
    ...{ place: dataSource, key: objectHash(wanted ?? null), ownedOf: ledger.status.compactionDataSource },
    read: (api, of) => api.compaction(of),
    write: (api) => api.setCompaction(wanted ?? {}),
    remove: (api, of) => api.removeCompaction(of),
    own: (of, compactionHash) => ledger.note({ compactionDataSource: of, compactionHash }),
    noted: () => pick(ledger.status, 'compactionDataSource', 'compactionHash'),
    isStillOurs: (current) =>
      isAsSet(ledger.status.compactionHash, current) ?? (wanted !== undefined && includes(current, wanted)),
  };
}
