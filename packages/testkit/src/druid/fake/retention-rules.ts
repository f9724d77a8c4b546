import {
  bool,
  cannotConstruct,
  type Field,
  isJsonObject,
  type JsonObject,
  period,
  refused,
  shaped,
  typeIn,
  unknownType,
} from './json-shape.ts';

const RULE_CLASS = 'org.apache.druid.server.coordinator.rules.Rule';
const RULES = 'org.apache.druid.server.coordinator.rules.';

/** What a rule does with segments, and to which; the words are those of its class. */
const kinds: Readonly<Record<string, { readonly className: string; readonly fields: readonly string[] }>> = {
  loadForever: { className: 'ForeverLoadRule', fields: ['replicants'] },
  loadByInterval: { className: 'IntervalLoadRule', fields: ['interval', 'replicants'] },
  loadByPeriod: { className: 'PeriodLoadRule', fields: ['period', 'includeFuture', 'replicants'] },
  dropForever: { className: 'ForeverDropRule', fields: [] },
  dropByInterval: { className: 'IntervalDropRule', fields: ['interval'] },
  dropByPeriod: { className: 'PeriodDropRule', fields: ['period', 'includeFuture'] },
  dropBeforeByPeriod: { className: 'PeriodDropBeforeRule', fields: ['period'] },
  broadcastForever: { className: 'ForeverBroadcastDistributionRule', fields: [] },
  broadcastByInterval: { className: 'IntervalBroadcastDistributionRule', fields: ['interval'] },
  broadcastByPeriod: { className: 'PeriodBroadcastDistributionRule', fields: ['period', 'includeFuture'] },
};

/** Posted retention rules as Druid keeps them. Throws what Druid refuses. */
export function retentionRules(posted: unknown): readonly JsonObject[] {
  if (posted === undefined) throw refused('Rules cannot be null.');
  if (!Array.isArray(posted)) {
    const list = `java.util.ArrayList<${RULE_CLASS}>`;
    throw refused(`Cannot deserialize value of type \`${list}\` from Object value (token \`JsonToken.START_OBJECT\`)`);
  }
  return posted.map(rule);
}

function rule(posted: unknown, index: number): JsonObject {
  const { type, object } = typeIn(posted, RULE_CLASS);
  const kind = kinds[type];
  if (kind === undefined) throw unknownType(type, RULE_CLASS, Object.keys(kinds));
  const chain = (field: string): string => `java.util.ArrayList[${index}]->${RULES}${kind.className}["${field}"]`;
  const all: Readonly<Record<string, Readonly<Record<string, Field>>>> = {
    period: { period: period(null, chain('period')) },
    interval: { interval: interval(chain('interval')) },
    includeFuture: { includeFuture: bool(true) },
    replicants: { tieredReplicants: replicants(kind.className), useDefaultTierForNull: bool(true) },
  };
  return { ...shaped(object, Object.assign({}, ...kind.fields.map((field) => all[field]))), type };
}

function interval(chain: string): Field {
  return (posted) => {
    const [start, end, ...more] = String(posted).split('/');
    if (end === undefined || more.length > 0) {
      const text = String(posted);
      throw refused(
        `Invalid interval[${text}]: [Format requires a '/' separator: ${text}] (through reference chain: ${chain})`,
      );
    }
    return [start, end].map((time) => new Date(String(time)).toISOString()).join('/');
  };
}

function replicants(className: string): Field {
  return (posted, { useDefaultTierForNull }) => {
    if (!isJsonObject(posted)) return useDefaultTierForNull === false ? {} : { _default_tier: 2 };
    for (const [tier, count] of Object.entries(posted)) {
      if (typeof count !== 'number') {
        throw refused(
          `Cannot deserialize value of type \`int\` from String "${String(count)}": not a valid \`int\` value`,
        );
      }
      if (count < 0) {
        const why = `Invalid number of replicas for tier [${tier}]. Value [${count}] must be positive.`;
        throw cannotConstruct(`${RULES}${className}`, why);
      }
    }
    return posted;
  };
}
