import type { JsonObject } from '@capstan/crd';
import type { PrismCluster } from '../api/v1alpha1/prism-cluster.ts';
import type { BackendUse, PrismPattern } from '../api/v1beta1/prism-pattern.ts';
import { layouts } from '../patterns/layouts.ts';
import { mergePatch } from '../patterns/merge-patch.ts';
import type { ConfigLayout } from '../profiles/component-profile.ts';
import { profileOf, runnerProfile } from '../profiles/profiles.ts';
import { asRunner } from './as-runner.ts';

/** What becomes of what a pattern says of its backends and its namespace. */
export interface AppliedConfig {
  /** Merged over the configuration of the runner; empty where nothing is to be. */
  readonly patch: JsonObject;
  /** Fields of `backends[].config` that nothing acts upon, each with the reason. */
  readonly unapplied: readonly string[];
  /** Of `prismNamespace`, where no runner would read it. */
  readonly namespaceUnread: boolean;
}

/** Tells what of `backends[].config` and `prismNamespace` reaches the runner. Pure. */
export function appliedConfig({ spec, metadata }: PrismPattern, cluster: PrismCluster): AppliedConfig {
  const { configuration } = runnerProfile(asRunner(metadata.name, spec), profileOf(cluster));
  const layout = configuration?.layout;
  const parts = spec.backends.map((use) => partOf(use, { layout, cluster, runner: spec.type }));
  const readsNamespace = layout !== undefined && layouts[layout].isNamespace;
  const { prismNamespace } = spec;
  const named = prismNamespace !== undefined && readsNamespace ? { name: prismNamespace } : {};
  return {
    patch: parts.reduce((whole, { patch }) => mergePatch(whole, patch), named as JsonObject),
    unapplied: parts.flatMap(({ unapplied }) => unapplied),
    namespaceUnread: prismNamespace !== undefined && !readsNamespace,
  };
}

/** Whether a pattern says anything of how its backends are used. */
export function asksForConfig({ spec }: PrismPattern): boolean {
  return spec.backends.some(({ config }) => Object.keys(config ?? {}).length > 0);
}

interface Part {
  readonly patch: JsonObject;
  readonly unapplied: readonly string[];
}

interface Place {
  /** Absent where the runner reads no file. */
  readonly layout: ConfigLayout | undefined;
  readonly cluster: PrismCluster;
  readonly runner: string;
}

function partOf({ name, config = {} }: BackendUse, place: Place): Part {
  const path = pathTo(place.layout, name);
  const keys = driverKeys[name] ?? {};
  const { evictionPolicy, ...driver } = config;
  const given = Object.entries(driver).filter(([, value]) => value !== undefined);
  const known = path === undefined ? [] : given.flatMap(([field, value]) => pair(keys[field], value));
  const lost = given.filter(([field]) => path === undefined || keys[field] === undefined).map(([field]) => field);
  return {
    patch: path === undefined || known.length === 0 ? {} : nested(path, Object.fromEntries(known)),
    unapplied: [
      ...lost.map((field) => `spec.backends[${name}].config.${field}: ${whyLost(name, place)}`),
      ...evictionText(name, evictionPolicy, place.cluster),
    ],
  };
}

function pair(key: string | undefined, value: number): readonly (readonly [string, number])[] {
  return key === undefined ? [] : [[key, value]];
}

/** The keys that the drivers read. */
const driverKeys: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  redis: { maxConnections: 'pool_size', database: 'db' },
  postgres: { maxConnections: 'pool_size' },
};

/** Where in the entry of a runner what its driver reads is; `undefined` where it is told nothing of the kind. */
function pathTo(layout: ConfigLayout | undefined, backend: string): readonly string[] | undefined {
  if (layout === 'keyvalue' && backend === 'redis') return ['backend_config'];
  if (layout === 'multicast-registry' && backend === 'redis') return ['slots', 'registry', 'config'];
  return layout === 'generic' ? ['backends', backend] : undefined;
}

function nested(path: readonly string[], value: JsonObject): JsonObject {
  return path.reduceRight<JsonObject>((inner, key) => ({ [key]: inner }), value);
}

function whyLost(backend: string, { layout, runner }: Place): string {
  if (layout === undefined) return 'the runner reads no file in this profile';
  return pathTo(layout, backend) === undefined
    ? `${runner} passes nothing of the kind on to ${backend}`
    : `the driver of ${backend} has no such setting`;
}

/** One redis serves all patterns of a cluster, with an append-only file and no limit of memory: what it has, it keeps. */
function evictionText(backend: string, policy: string | undefined, cluster: PrismCluster): readonly string[] {
  if (policy === undefined) return [];
  const field = `spec.backends[${backend}].config.evictionPolicy`;
  if (backend !== 'redis') return [`${field}: only redis has one`];
  if (cluster.spec.backends.redis?.external !== undefined)
    return [`${field}: is a setting of the server, which runs elsewhere: set maxmemory-policy there`];
  if (policy === 'noeviction') return [];
  return [
    `${field}: the redis of the cluster never evicts anything, for all patterns share it: name a redis that does in spec.backends.redis.external of a cluster of its own`,
  ];
}
