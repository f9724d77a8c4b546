import type { JsonObject } from '../druid/druid-api.ts';
import type { Setting } from './setting.ts';
import type { Work } from './work.ts';

type Asking = Pick<Work, 'ingestion' | 'understood' | 'ledger'>;

/** The retention rules of the data source. */
export function rulesSetting({ ingestion, understood, ledger }: Asking): Setting {
  const { rules } = ingestion.spec.ingestion;
  const wanted = rules === undefined || rules.length === 0 ? undefined : rules;
  const { status } = ledger;
  // The first Druid operator noted its rules, and not whose they were.
  const ownedOf = status.rulesDataSource ?? (status.rules === undefined ? undefined : understood.dataSource);
  return {
    ...{ aspect: 'rules', name: 'retention rules', wanted, ownedOf, rejectedReason: 'RulesRejected' },
    dataSource: understood.dataSource,
    read: (api, dataSource) => api.rules(dataSource),
    write: (api, dataSource) => api.setRules(dataSource, wanted ?? []),
    remove: (api, dataSource) => api.setRules(dataSource, []),
    own: (dataSource) =>
      ledger.note({ rulesDataSource: dataSource, rules: dataSource === undefined ? undefined : wanted }),
  };
}

/** The automatic compaction of the data source. */
export function compactionSetting({ ingestion, understood, ledger }: Asking): Setting {
  const { compaction } = ingestion.spec.ingestion;
  const { dataSource } = understood;
  const wanted: JsonObject | undefined =
    compaction === undefined || dataSource === undefined ? compaction : { ...compaction, dataSource };
  return {
    ...{ aspect: 'compaction', name: 'compaction', wanted, dataSource, rejectedReason: 'CompactionRejected' },
    ownedOf: ledger.status.compactionDataSource,
    read: (api, of) => api.compaction(of),
    write: (api) => api.setCompaction(wanted ?? {}),
    remove: (api, of) => api.removeCompaction(of),
    own: (of) => ledger.note({ compactionDataSource: of }),
  };
}
