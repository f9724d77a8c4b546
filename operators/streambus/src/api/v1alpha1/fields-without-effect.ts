import type { StreamBusClusterSpec } from './stream-bus-cluster.ts';

/**
 * Fields that are accepted and do nothing, each with the value that asks for nothing.
 * Security and multi-tenancy are not here: each has a condition of its own.
 */
const fieldsWithoutEffect: readonly (readonly [path: string, silent: unknown])[] = [
  ['config.compressionEnabled', false],
  ['config.maxConnections', undefined],
  ['config.maxMessageSize', undefined],
  ['observability.logging.auditLog.enabled', false],
  ['observability.logging.auditLog.level', undefined],
  ['observability.logging.format', undefined],
  ['observability.logging.includeTenantContext', false],
  ['observability.metrics.enabled', true],
  ['observability.metrics.interval', undefined],
  ['observability.metrics.perTenantMetrics', false],
  ['observability.metrics.serviceMonitor', false],
  ['observability.tracing.enabled', false],
  ['observability.tracing.endpoint', undefined],
  ['observability.tracing.includeTenantId', false],
  ['observability.tracing.samplingRate', undefined],
  ['version', 'latest'],
];

/** The paths of all fields of this spec that ask for something nobody does, sorted. */
export function unsupportedFields(spec: StreamBusClusterSpec): readonly string[] {
  const ignored = fieldsWithoutEffect
    .filter(([path, silent]) => ![undefined, silent].includes(valueAt(spec, path)))
    .map(([path]) => path);
  return [...ignored, ...overruled(spec)].sort().map((path) => `spec.${path}`);
}

/** A log level other than the default (which cannot be told from one that was never given) beside the one that counts. */
function overruled({ config, observability }: StreamBusClusterSpec): readonly string[] {
  const decides = observability?.logging?.level;
  return decides === undefined || [decides, 'info'].includes(config.logLevel) ? [] : ['config.logLevel'];
}

function valueAt(spec: StreamBusClusterSpec, path: string): unknown {
  return path.split('.').reduce<unknown>((value, field) => (isObject(value) ? value[field] : undefined), spec);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
