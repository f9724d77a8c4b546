import type { Json, JsonObject } from '../druid/druid-api.ts';
import { isJsonObject, valueAt } from './json-object.ts';

/** Where a stream is read with how many tasks, in specs of all ages. */
const ioConfigs: readonly (readonly string[])[] = [['spec', 'ioConfig'], ['ioConfig']];

/** Whether Druid itself changes the number of tasks. */
export function isScaled(spec: JsonObject): boolean {
  return ioConfigs.some((path) => isScaledBy(valueAt(spec, ...path)));
}

function isScaledBy(ioConfig: Json | undefined): ioConfig is JsonObject {
  if (!isJsonObject(ioConfig)) return false;
  const isEnabled = valueAt(ioConfig, 'autoScalerConfig', 'enableTaskAutoScaler');
  return isEnabled === true || isEnabled === 'true';
}

/** A spec without the numbers of tasks that Druid's autoscaler is free to change, wherever they stand: for comparing. Pure. */
export function withoutScaledCounts(value: Json): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map(withoutScaledCounts);
  if (!isJsonObject(value)) return value;
  const isHere = isScaledBy(value);
  const entries = Object.entries(value).filter(([name]) => !(isHere && name === 'taskCount'));
  return Object.fromEntries(
    entries.map(([name, inner]) => [
      name,
      isHere && name === scaler ? withoutStart(inner) : withoutScaledCounts(inner),
    ]),
  );
}

const scaler = 'autoScalerConfig';

function withoutStart(config: Json): Json {
  if (!isJsonObject(config)) return config;
  const { taskCountStart: _ours, ...rest } = config;
  return rest;
}

/**
 * A spec to be sent, with the number of tasks that the autoscaler has come to: else a change of something else would have it begin
 * from the smallest one, just when there is most to do. Druid 33 takes the number it starts with, and no other. Pure.
 */
export function withScaledCount(spec: JsonObject, shown: JsonObject | undefined): JsonObject {
  const count = shown === undefined ? undefined : countIn(shown);
  const path = ioConfigs.find((each) => isScaledBy(valueAt(spec, ...each)));
  if (count === undefined || path === undefined) return spec;
  return replaced(spec, path, (ioConfig) => countedConfig(ioConfig, count));
}

function countIn(shown: JsonObject): number | undefined {
  const ioConfig = ioConfigs.map((path) => valueAt(shown, ...path)).find(isScaledBy);
  const count = ioConfig?.['taskCount'];
  return typeof count === 'number' ? count : undefined;
}

function countedConfig(ioConfig: JsonObject, count: number): JsonObject {
  const config = ioConfig[scaler];
  if (!isJsonObject(config)) return ioConfig;
  const { taskCountMin: least, taskCountMax: most } = config;
  const atLeast = typeof least === 'number' ? Math.max(least, count) : count;
  const taskCount = typeof most === 'number' ? Math.min(most, atLeast) : atLeast;
  return { ...ioConfig, taskCount, [scaler]: { ...config, taskCountStart: taskCount } };
}

function replaced(
  object: JsonObject,
  [field = '', ...rest]: readonly string[],
  change: (inner: JsonObject) => JsonObject,
): JsonObject {
  const inner = object[field];
  if (!isJsonObject(inner)) return object;
  return { ...object, [field]: rest.length === 0 ? change(inner) : replaced(inner, rest, change) };
}
