import { protectionOf, scrapedOf } from '../../protection.ts';
import type { StreamBusClusterSpec } from './stream-bus-cluster.ts';

/** Says whether a field does something in this spec, where that depends. */
type Effect = (spec: StreamBusClusterSpec) => boolean;

const isProxied: Effect = (spec) => protectionOf(spec).proxy !== undefined;
const asksForTokens: Effect = (spec) => protectionOf(spec).unenforced.includes('jwt');
const isDenying: Effect = ({ security }) => (security?.authorization?.defaultPolicy ?? 'deny') === 'deny';
const isMonitored: Effect = (spec) => scrapedOf(spec).length > 0;

/**
 * Fields that are accepted and do nothing (or nothing in most specs), each with the value that asks for nothing; an empty
 * text, which the original operator wrote, never asks for anything.
 * What security and multi-tenancy ask for is not here: each has a condition of its own.
 */
const fieldsWithoutEffect: readonly (readonly [path: string, silent: unknown, effect?: Effect])[] = [
  ['config.compressionEnabled', false],
  ['config.maxConnections', undefined, isProxied],
  ['config.maxMessageSize', undefined],
  ['observability.logging.format', undefined],
  ['observability.logging.includeTenantContext', false],
  ['observability.metrics.enabled', true],
  ['observability.metrics.interval', undefined, isMonitored],
  ['observability.metrics.perTenantMetrics', false],
  ['observability.metrics.serviceMonitor', false, isMonitored],
  ['observability.tracing.enabled', false],
  ['observability.tracing.endpoint', undefined],
  ['observability.tracing.includeTenantId', false],
  ['observability.tracing.samplingRate', undefined],
  ['security.authentication.jwtSecretName', undefined, asksForTokens],
  ['security.authorization.allowedNames', undefined, (spec) => isProxied(spec) && isDenying(spec)],
  ['security.authorization.deniedNames', undefined, (spec) => isProxied(spec) && !isDenying(spec)],
  ['security.tls.clientAuthRequired', false, isProxied],
  ['version', 'latest'],
];

/** The paths of all fields of this spec that ask for something nobody does, sorted. */
export function unsupportedFields(spec: StreamBusClusterSpec): readonly string[] {
  const ignored = fieldsWithoutEffect
    .filter(
      ([path, silent, effect]) => ![undefined, '', silent].includes(valueAt(spec, path)) && effect?.(spec) !== true,
    )
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
