import type { KubeObject } from '@capstan/kube';
import type { JsonObject } from '../druid/druid-api.ts';
import { isJsonObject, textAt } from './json-object.ts';
import { mostLevels, tooDeepAt } from './nesting.ts';
import { referenceInName } from './reference-in-name.ts';
import { referencesIn, type SecretReference } from './secret-references.ts';

/** How Druid is asked for it: a supervisor that stays, a task that ends, or a statement that becomes a task. */
export type IngestionKind = 'Supervisor' | 'Task' | 'Sql';

/** A spec of which is known what it asks for. */
export interface Understood {
  readonly kind: IngestionKind;
  /** In the words of Druid: kafka, index_parallel, sql ... */
  readonly type: string;
  /** As it was written, references to Secrets not put in. */
  readonly spec: JsonObject;
  /** Of a supervisor, which has the same one for life. */
  readonly supervisorId?: string;
  readonly dataSource?: string;
  /** The spec itself says `"suspended": true`. */
  readonly isSuspended: boolean;
  readonly references: readonly SecretReference[];
}

/** Why nothing can be made of a spec. */
export interface Misunderstood {
  readonly reason: 'SpecInvalid' | 'TypeUnsupported';
  /** Says what is wrong and what to do; holds nothing of the spec but names of types. */
  readonly message: string;
}

export type Understanding = { readonly understood: Understood } | { readonly problem: Misunderstood };

/** What is given: the type that the resource names, its spec as text or object, and a name for what has none. */
export interface Written {
  readonly type: string;
  readonly spec: string | JsonObject;
  /** Id of a supervisor that Druid would otherwise name at random. */
  readonly fallbackId: string;
}

const supervisorTypes: readonly string[] = ['kafka', 'kinesis', 'rabbit', 'autocompact', 'scheduled_batch'];
const taskTypes: readonly string[] = ['index_parallel', 'index', 'compact'];
/** Whether a type, as a status names it, is that of a task and not of a supervisor. */
export function isTaskType(type: string): boolean {
  return type === 'sql' || taskTypes.includes(type);
}

const hadoopTypes: readonly string[] = ['index-hadoop', 'index_hadoop'];

/** Makes out what a spec asks for: its kind, its id, its data source, the Secrets it names. */
export function understand(written: Written): Understanding {
  const parsed = objectOf(written);
  if (typeof parsed === 'string') return problem('SpecInvalid', parsed);
  const kind = kindOf(written.type, parsed);
  if (typeof kind === 'object') return { problem: kind };
  const openName = referenceInName(parsed);
  if (openName !== undefined) return problem('SpecInvalid', openName);
  const { references, malformed } = referencesIn(parsed);
  if (malformed.length > 0)
    return problem(
      'SpecInvalid',
      `the spec holds a reference that is not of the form \${secret:name/key}; write it so`,
    );
  return named({ ...kindAndType(kind, written.type, parsed), spec: parsed, references }, written.fallbackId);
}

function named(known: Omit<Understood, 'isSuspended'>, fallbackId: string): Understanding {
  const { kind, type, spec } = known;
  const dataSource = dataSourceOf(spec);
  const supervisorId = kind === 'Supervisor' ? supervisorIdOf(type, spec, dataSource, fallbackId) : undefined;
  if (kind === 'Supervisor' && supervisorId === undefined)
    return problem(
      'SpecInvalid',
      'the spec names no data source: dataSchema.dataSource must be a text that is not empty',
    );
  const isSuspended = suspendedOf(spec);
  if (isSuspended === undefined) return problem('SpecInvalid', 'suspended in the spec must be true or false');
  return {
    understood: {
      ...{ ...known, isSuspended },
      ...(supervisorId !== undefined && { supervisorId }),
      ...(dataSource !== undefined && { dataSource }),
    },
  };
}

/** Whether the spec itself says that it is suspended, also as a text, which Druid takes too; undefined where it says neither. */
function suspendedOf({ suspended = null }: JsonObject): boolean | undefined {
  if (suspended === true || suspended === 'true') return true;
  return suspended === false || suspended === 'false' || suspended === null ? false : undefined;
}

/** The longest spec that is read, in characters: the API server stores no longer ones. */
const longestText = 1_500_000;

/** The spec as an object, or why it is none that could be worked with. */
function objectOf(written: Written): JsonObject | string {
  const object = typeof written.spec === 'string' ? parsedText(written.type, written.spec) : written.spec;
  const place = typeof object === 'string' ? undefined : tooDeepAt(object);
  if (place === undefined) return object;
  return `the spec has more than ${mostLevels} levels of objects and lists inside each other at ${place}; write it flatter`;
}

/** What the parser says may quote the text, and is not told. */
function parsedText(type: string, written: string): JsonObject | string {
  if (written.length > longestText) return `the spec is longer than ${longestText} characters`;
  const text = written.trim();
  if (text === '') return 'the spec is empty';
  if (type === 'sql' && !text.startsWith('{')) return { query: text };
  try {
    const parsed: unknown = JSON.parse(text);
    return isJsonObject(parsed) ? parsed : 'the spec is JSON, but no object';
  } catch (error) {
    const [, position] = /at position (\d+)/.exec(String(error)) ?? [];
    const where = position === undefined ? '' : `: look at character ${position}`;
    return `the spec is not valid JSON${where}`;
  }
}

function kindOf(asked: string, spec: JsonObject): IngestionKind | Misunderstood {
  const type = textAt(spec, 'type') ?? asked;
  if (hadoopTypes.includes(type) || hadoopTypes.includes(asked))
    return unsupported('ingestion by Hadoop is refused: Druid has dropped it; use native-batch or sql');
  if (asked === 'sql') return textAt(spec, 'query') === undefined ? noQuery : 'Sql';
  if (asked === 'native-batch') return taskTypes.includes(type) ? 'Task' : notOf(asked, type, taskTypes);
  if (!supervisorTypes.includes(asked))
    return unsupported(`spec.ingestion.type is none of ${[...supervisorTypes, 'native-batch', 'sql'].join(', ')}`);
  // A type that is not known here may come from an extension: Druid will say.
  return taskTypes.includes(type) ? notOf(asked, type, supervisorTypes) : 'Supervisor';
}

const noQuery: Misunderstood = {
  reason: 'SpecInvalid',
  message: 'the spec has no query, which an ingestion of type sql needs',
};

function notOf(asked: string, type: string, fitting: readonly string[]): Misunderstood {
  return unsupported(
    `the type in the spec is ${type}, which is not for spec.ingestion.type ${asked}: it takes ${fitting.join(', ')}`,
  );
}

function kindAndType(kind: IngestionKind, asked: string, spec: JsonObject): Pick<Understood, 'kind' | 'type'> {
  return { kind, type: kind === 'Sql' ? 'sql' : (textAt(spec, 'type') ?? asked) };
}

/** Where specs of different types and ages name their data source. */
function dataSourceOf(spec: JsonObject): string | undefined {
  return (
    textAt(spec, 'spec', 'dataSchema', 'dataSource') ??
    textAt(spec, 'dataSchema', 'dataSource') ??
    textAt(spec, 'dataSource') ??
    textAt(spec, 'spec', 'dataSource') ??
    targetOf(textAt(spec, 'query') ?? textAt(spec, 'spec', 'query') ?? '')
  );
}

/** The table that a statement writes to. */
function targetOf(query: string): string | undefined {
  const [, quoted, bare] = /\b(?:INSERT|REPLACE)\s+INTO\s+(?:"((?:[^"]|"")+)"|([A-Za-z_]\w*))/i.exec(query) ?? [];
  return quoted?.replaceAll('""', '"') ?? bare;
}

function supervisorIdOf(
  type: string,
  spec: JsonObject,
  dataSource: string | undefined,
  fallbackId: string,
): string | undefined {
  if (type === 'autocompact') return dataSource && `autocompact__${dataSource}`;
  if (type === 'scheduled_batch') return textAt(spec, 'id') ?? fallbackId;
  return textAt(spec, 'id') ?? dataSource;
}

function unsupported(message: string): Misunderstood {
  return { reason: 'TypeUnsupported', message };
}

function problem(reason: Misunderstood['reason'], message: string): Understanding {
  return { problem: { reason, message } };
}

/** The id of a supervisor that Druid would otherwise name at random. */
export function fallbackIdOf({ metadata: { namespace = '', name } }: KubeObject): string {
  return `scheduled_batch__${namespace}_${name}`;
}
