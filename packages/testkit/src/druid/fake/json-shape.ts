import { DruidRefusal, errorText } from './fake-answer.ts';

/** A JSON object whose content is not known yet. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Makes one field as Druid keeps it, from what was posted for it (undefined when nothing was). */
export type Field = (posted: unknown, whole: JsonObject) => unknown;

/** Whether a value is a JSON object, neither null nor an array. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object with these fields, each as Druid keeps it; whatever else was posted is dropped, as Druid does. */
export function shaped(posted: JsonObject, fields: Readonly<Record<string, Field>>): JsonObject {
  return Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, field(posted[name], posted)]));
}

/** Whatever was posted, or `fallback`. */
export function kept(fallback: unknown = null): Field {
  return (posted) => posted ?? fallback;
}

/** A whole number; a text of digits counts as one. Anything else is refused in Jackson's words. */
export function int(fallback: number | null): Field {
  return (posted) => {
    if (posted === undefined || posted === null) return fallback;
    const number = typeof posted === 'string' && /^-?\d+$/.test(posted) ? Number(posted) : posted;
    if (typeof number === 'number') return number;
    throw refused(
      `Cannot deserialize value of type \`int\` from String "${String(posted)}": not a valid \`int\` value`,
    );
  };
}

/** True or false; the texts `true` and `false` count. */
export function bool(fallback: boolean): Field {
  return (posted) => {
    if (posted === undefined || posted === null) return fallback;
    if (typeof posted === 'boolean') return posted;
    if (posted === 'true' || posted === 'false') return posted === 'true';
    const why = 'only "true" or "false" recognized';
    throw refused(`Cannot deserialize value of type \`java.lang.Boolean\` from String "${String(posted)}": ${why}`);
  };
}

/** An object of these fields, or null where none was posted. */
export function optional(fields: Readonly<Record<string, Field>>): Field {
  return (posted) => (isJsonObject(posted) ? shaped(posted, fields) : null);
}

/** An object of these fields, also where none was posted. */
export function defaulted(fields: Readonly<Record<string, Field>>): Field {
  return (posted) => shaped(isJsonObject(posted) ? posted : {}, fields);
}

/** An ISO 8601 period, kept as it was posted. `chain` is where Druid says it stands. */
export function period(fallback: string | null, chain: string): Field {
  return (posted) => {
    if (posted === undefined || posted === null) return fallback;
    if (secondsOf(posted) === undefined) throw invalidFormat(posted, chain);
    return posted;
  };
}

/** An ISO 8601 period, kept as so many seconds, such as `PT3600S`. */
export function duration(fallback: string | null, chain: string): Field {
  return (posted) => {
    if (posted === undefined || posted === null) return fallback;
    const seconds = secondsOf(posted);
    if (seconds === undefined) throw invalidFormat(posted, chain);
    return `PT${seconds}S`;
  };
}

/** A refusal as Druid words it: status 400 and `{"error": ...}`. */
export function refused(error: string): DruidRefusal {
  return new DruidRefusal(errorText(error));
}

/** A refusal by the constructor of a class of Druid. */
export function cannotConstruct(className: string, problem: string): DruidRefusal {
  return refused(`Cannot construct instance of \`${className}\`, problem: ${problem}`);
}

/**
 * A refusal because of a name that stands for no class, with those that do, and the field it was posted in where Druid names one.
 */
export function unknownType(
  type: string,
  className: string,
  known: readonly string[],
  property?: string,
): DruidRefusal {
  const advice = `Please make sure to load all the necessary extensions and jars with type '${type}' on 'druid/coordinator' service`;
  const ids = known.toSorted().join(', ');
  const where = property === undefined ? '' : ` (for POJO property '${property}')`;
  return refused(
    `${advice}. Could not resolve type id '${type}' as a subtype of \`${className}\` known type ids = [${ids}]${where}`,
  );
}

/**
 * The `type` of a posted object; `property` is the field it was posted in, where Druid names one.
 * @throws {DruidRefusal} when it is no object, or names no type
 */
export function typeIn(
  posted: unknown,
  className: string,
  property?: string,
): { readonly type: string; readonly object: JsonObject } {
  if (!isJsonObject(posted)) {
    const why = 'need JSON String that contains type id';
    throw refused(`Unexpected token (END_ARRAY), expected VALUE_STRING: ${why} (for subtype of ${className})`);
  }
  if (typeof posted['type'] === 'string') return { type: posted['type'], object: posted };
  const where = property === undefined ? '' : ` (for POJO property '${property}')`;
  throw refused(
    `Could not resolve subtype of [simple type, class ${className}]: missing type id property 'type'${where}`,
  );
}

function invalidFormat(posted: unknown, chain: string): DruidRefusal {
  return refused(`Invalid format: "${String(posted)}" (through reference chain: ${chain})`);
}

const PERIOD = /^P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/;
const LONG_PERIOD = /^P(?=\d)(?:\d+Y)?(?:\d+M)?(?:\d+W)?(?:\d+D)?$/;

/** Seconds of a period; years and months, which have no fixed length, count as valid and as zero. */
function secondsOf(posted: unknown): number | undefined {
  if (typeof posted !== 'string') return undefined;
  const found = PERIOD.exec(posted);
  if (found === null || /[PT]$/.test(posted)) return LONG_PERIOD.test(posted) ? 0 : undefined;
  const [weeks, days, hours, minutes, seconds] = found.slice(1).map((part) => Number(part ?? 0));
  return (((weeks ?? 0) * 7 + (days ?? 0)) * 24 + (hours ?? 0)) * 3_600 + (minutes ?? 0) * 60 + (seconds ?? 0);
}

/** An object whose `type` has to be one of these, kept as it was posted; null where none was. */
export function oneOf(className: string, known: readonly string[], property: string): Field {
  return (posted) => {
    if (!isJsonObject(posted)) return null;
    const { type } = typeIn(posted, className, property);
    if (!known.includes(type)) throw unknownType(type, className, known, property);
    return posted;
  };
}
