import type { Json } from '../../druid/druid-api.ts';
import { isJsonObject, keysOf, type Place, placeText, valuesIn } from '../json-object.ts';
import { typedPart } from '../typed-part.ts';
import type { SafetyRules } from './safety-rules.ts';

/** Input sources by which a tenant has Druid call a host of its choice from inside. */
export const callingSources: readonly string[] = ['http', 'sql', 'hdfs'];

/** Input sources that bring their data along, or read what Druid's own configuration says how to reach. */
const plainSources: readonly string[] = [
  ...['inline', 'local', 'druid', 'combining', 's3', 'google', 'azure', 'azureStorage', 'oss'],
  // Of Druid before 0.17, where they were called firehoses.
  ...['ingestSegment', 'clipped', 'fixedCount', 'static-s3', 'static-google-blobstore', 'static-azure-blobstore'],
];

/** Fields that hold an input source, or a list of them. */
const holders: readonly unknown[] = ['inputSource', 'firehose', 'delegate', 'delegates', 'warehouseSource'];

/** Input sources in a spec that tenants may not use, with where they are. */
export function unsafeInputs(spec: Json, rules: SafetyRules): readonly string[] {
  const problems: string[] = [];
  for (const place of valuesIn(spec)) {
    if (typeof place.value === 'object' && isInInput(place)) problems.push(...inputProblems(place, rules));
  }
  return problems;
}

function isInInput(place: Place): boolean {
  return keysOf(place).some((key) => key === 'inputSource' || key === 'firehose');
}

function inputProblems(place: Place, { allowedInputSources }: SafetyRules): readonly string[] {
  const type = typedPart(place.value)?.type;
  const calls = type !== undefined && (callingSources.includes(type) || isUnknownSource(place, type));
  if (!calls) return ownAddressProblems(place, allowedInputSources);
  if (allowedInputSources.includes(type)) return [];
  return [
    `${placeText(place)} is an input source of type ${type}, which calls other hosts; the operator's flag --allow-input-source ${type} would allow it`,
  ];
}

/** Whether an object is where Druid expects an input source, and is none that is known to be harmless. */
function isUnknownSource({ key, holder }: Place, type: string): boolean {
  return holders.includes(typeof key === 'number' ? holder?.key : key) && !plainSources.includes(type);
}

/** An object store is where Druid's configuration says, unless the input source says where it is, or through whom to go. */
function ownAddressProblems(place: Place, allowed: readonly string[]): readonly string[] {
  const { key, holder, value } = place;
  const address = { endpointConfig: 'url', proxyConfig: 'host' }[String(key)];
  if (address === undefined || !isJsonObject(value) || !(address in value)) return [];
  const type = sourceAround(holder);
  if (allowed.includes(type)) return [];
  return [
    `${placeText(place)} has Druid call a host that the spec names; the operator's flag --allow-input-source ${type} would allow it`,
  ];
}

/** The type of the input source that a part belongs to; `["s3", {...}]` has it one level further out. */
function sourceAround(holder: Place | undefined): string {
  const around = [holder, holder?.holder].flatMap((place) => (place === undefined ? [] : [typedPart(place.value)]));
  return around.find((part) => part !== undefined)?.type ?? 's3';
}
