import type { CustomResource, CustomResourceInput, CustomResourceObject } from '../custom-resource.ts';
import { isJsonObject, type Json, type JsonObject } from '../json-schema.ts';
import type { ConversionClient, CustomResourceDefinition, CustomResourceVersion } from '../manifest.ts';
import { SchemaError } from '../schema-error.ts';
import { type ConversionData, readConversionData, writeConversionData } from './conversion-data.ts';
import { ConversionError } from './conversion-error.ts';
import { losses, restored } from './loss.ts';

/** What a conversion gives: the parts of an object that versions differ in. Metadata goes over as it is. */
export interface Converted<Input = unknown, Status = unknown> {
  readonly spec: Input;
  readonly status?: Status | undefined;
}

type AnyObject = CustomResourceObject<unknown, unknown>;

/** One version of a kind: a {@link CustomResource} of any spec and status. */
export type KindVersion = Omit<CustomResource, 'objectType' | 'inputType' | 'withDefaults'> & {
  withDefaults(object: never): object;
};

/** A version, with the types its objects have when read and when written. */
interface TypedVersion<Spec, Input, Status> extends KindVersion {
  readonly objectType?: CustomResourceObject<Spec, Status>;
  readonly inputType?: CustomResourceInput<Input>;
}

/** A version besides the hub, and the way to the hub and back. Made by {@link spoke}. */
export interface Spoke {
  readonly kind: KindVersion;
  readonly hub: KindVersion;
  readonly served: boolean;
  readonly deprecated: string | undefined;
  readonly toHub: (object: AnyObject) => Converted;
  readonly fromHub: (object: AnyObject) => Converted;
}

export interface SpokeOptions<Spec, Input, Status, HubSpec, HubInput, HubStatus> {
  /** Pure. Throws {@link ConversionError} where an object cannot be converted, which is to be avoided: nobody can then read it. */
  readonly toHub: (object: CustomResourceObject<Spec, Status>) => Converted<HubInput, HubStatus>;
  /** Pure. What this version cannot hold is left out: it is kept in an annotation and put back by the way to the hub. */
  readonly fromHub: (object: CustomResourceObject<HubSpec, HubStatus>) => Converted<Input, Status>;
  /** True unless told. A version is first not served, then, when no object is stored in it any more, taken out. */
  readonly served?: boolean;
  /** Marks the version as deprecated: whoever uses it is shown this text as a warning. */
  readonly deprecated?: string;
}

/**
 * Declares a version besides the hub: `spoke(CacheV1alpha1, Cache).by({ toHub, fromHub })`. In two steps, so that the
 * compiler knows both versions when it reads the functions, and takes `'Plain'` for a mode and not for any string.
 */
export function spoke<Spec, Input, Status, HubSpec, HubInput, HubStatus>(
  version: TypedVersion<Spec, Input, Status>,
  hub: TypedVersion<HubSpec, HubInput, HubStatus>,
): { by(options: SpokeOptions<Spec, Input, Status, HubSpec, HubInput, HubStatus>): Spoke } {
  return {
    by: ({ served = true, deprecated, toHub, fromHub }) => ({
      kind: version,
      hub,
      served,
      deprecated,
      // `convert` hands each function objects of the version it asks for.
      toHub: toHub as Spoke['toHub'],
      fromHub: fromHub as Spoke['fromHub'],
    }),
  };
}

export interface VersionedResourceOptions<Hub> {
  /** The version that every other one is converted to and from; controllers work with it. */
  readonly hub: Hub;
  readonly spokes: readonly [Spoke, ...Spoke[]];
  /** The version objects are stored in; the hub unless told. An older one, as long as a downgrade must remain possible. */
  readonly storage?: string;
}

/** A kind that is served in several versions. */
export interface VersionedResource<Hub = KindVersion> {
  readonly group: string;
  readonly kind: string;
  readonly plural: string;
  readonly namespaced: boolean;
  readonly hub: Hub;
  /** Every version, the hub first. */
  readonly versions: readonly KindVersion[];
  readonly storage: string;
  /** The CustomResourceDefinition to install; it says where the API server finds the conversion webhook. */
  manifest(webhook: ConversionClient): CustomResourceDefinition;
  /**
   * The object in another version, with defaults filled in. What that version cannot hold is kept in the annotation
   * `<group>/conversion-data` and put back by the way back, unless it was changed in between.
   * @throws ConversionError for a version or an object of which there is no way
   */
  convert(object: object, version: string): object;
}

/**
 * Joins the versions of a kind: one is the hub, the others know the way to it and back.
 *
 * @example
 * ```ts
 * export const Caches = versionedResource({
 *   hub: Cache,
 *   spokes: [spoke(CacheV1alpha1, Cache).by({
 *     toHub: ({ spec }) => ({ spec: { replicas: spec.size } }),
 *     fromHub: ({ spec }) => ({ spec: { size: spec.replicas } }),
 *   })],
 * });
 * ```
 * @throws SchemaError where the versions are not versions of one kind
 */
export function versionedResource<Hub extends KindVersion>(
  options: VersionedResourceOptions<Hub>,
): VersionedResource<Hub> {
  const { hub, spokes, storage = hub.version } = options;
  const kinds: readonly KindVersion[] = [hub, ...spokes.map(({ kind }) => kind)];
  checkVersions(hub, spokes, storage);
  const { group, kind, plural, namespaced } = hub;
  const name = `${group}/conversion-data`;
  return {
    group,
    kind,
    plural,
    namespaced,
    hub,
    versions: kinds,
    storage,
    manifest: (webhook) => manifestOf(hub, spokes, storage, webhook),
    convert: (object, version) => {
      const given = objectOf(hub, object);
      const path = pathBetween(hub, spokes, versionOf(given), version);
      return path.reduce((at, leg) => converted(at, leg, name), given);
    },
  };
}

function checkVersions(hub: KindVersion, spokes: readonly Spoke[], storage: string): void {
  const seen = new Set([hub.version]);
  for (const { kind, hub: other } of spokes) {
    const isSame = (['group', 'kind', 'plural', 'namespaced'] as const).every((part) => kind[part] === hub[part]);
    if (!isSame) throw new SchemaError('', `${kind.version} and ${hub.version} are not versions of the same kind`);
    if (other !== hub) throw new SchemaError('', `the spoke ${kind.version} leads to another hub, ${other.version}`);
    if (seen.has(kind.version)) throw new SchemaError('', `the version ${kind.version} is given twice`);
    seen.add(kind.version);
  }
  if (!seen.has(storage))
    throw new SchemaError('', `the storage version ${storage} is none of ${[...seen].join(', ')}`);
}

/** The first version of a manifest is the one that is stored. */
function manifestOf(
  hub: KindVersion,
  spokes: readonly Spoke[],
  storage: string,
  webhook: ConversionClient,
): CustomResourceDefinition {
  const definition = hub.manifest();
  const all = [...definition.spec.versions, ...spokes.flatMap(spokeVersions)];
  const versions = all
    .map((version): CustomResourceVersion => ({ ...version, storage: version.name === storage }))
    .sort((a, b) => Number(b.storage) - Number(a.storage));
  const conversion = {
    strategy: 'Webhook',
    webhook: { clientConfig: webhook, conversionReviewVersions: ['v1'] },
  } as const;
  return { ...definition, spec: { ...definition.spec, versions, conversion } };
}

function spokeVersions({ kind, served, deprecated }: Spoke): readonly CustomResourceVersion[] {
  const warning = deprecated === undefined ? {} : { deprecated: true, deprecationWarning: deprecated };
  return kind.manifest().spec.versions.map((version) => ({ ...version, served, ...warning }));
}

/** One step of a conversion: from a spoke to the hub or from the hub to a spoke. */
interface Leg {
  readonly from: KindVersion;
  readonly to: KindVersion;
  readonly there: Spoke['toHub'];
  readonly back: Spoke['toHub'];
}

function pathBetween(hub: KindVersion, spokes: readonly Spoke[], from: string, to: string): readonly Leg[] {
  const known = (version: string): Spoke | undefined => {
    const found = spokes.find(({ kind }) => kind.version === version);
    if (found !== undefined || version === hub.version) return found;
    throw new ConversionError(`${hub.kind}.${hub.group} has no version '${version}'`);
  };
  const [start, end] = [known(from), known(to)];
  if (start === end) return [];
  return [
    ...(start === undefined ? [] : [{ from: start.kind, to: hub, there: start.toHub, back: start.fromHub }]),
    ...(end === undefined ? [] : [{ from: hub, to: end.kind, there: end.fromHub, back: end.toHub }]),
  ];
}

/** An object as it comes: a body, with metadata of which only the annotations are ever touched. */
type Instance = JsonObject & { readonly metadata: JsonObject };

/**
 * Converts, then asks the way back what is lost, and writes that down. As both happen on stored forms, the way back
 * gives the very object: losses are what `back` does not give.
 */
function converted(object: Instance, leg: Leg, annotation: string): Instance {
  const data = readConversionData(annotationsOf(object)[annotation]);
  const plain = withData(object, new Map(), annotation);
  const target = (body: JsonObject): Instance => ({
    ...body,
    apiVersion: apiVersionOf(leg.to),
    kind: leg.to.kind,
    metadata: plain.metadata,
  });
  const stored = target(bodyOf(leg.to, leg.there, plain));
  const whole = restoredBody(leg.to, stored, data);
  const back = bodyOf(leg.from, leg.back, target(whole));
  const lost = losses(leg.from.schema, back, bodyIn(object));
  const { [leg.to.version]: _, ...others } = Object.fromEntries(data);
  const kept: ConversionData = new Map([...Object.entries(others), [leg.from.version, lost]]);
  return withData({ ...target(whole), metadata: object.metadata }, kept, annotation);
}

function restoredBody(to: KindVersion, stored: JsonObject, data: ConversionData): JsonObject {
  const whole = restored(to.schema, bodyIn(stored), data.get(to.version) ?? []);
  return isJsonObject(whole) ? bodyIn(whole) : bodyIn(stored);
}

/** What a function makes of an object, as the API server would store it. */
function bodyOf(to: KindVersion, convert: Spoke['toHub'], object: Instance): JsonObject {
  const { spec, status } = convert(object as unknown as AnyObject); // of the version the function was written for: see `pathBetween`
  // The function says by its type that it gives the spec and status of this version.
  const draft = { metadata: {}, spec, ...(status === undefined ? {} : { status }) };
  return bodyIn(objectOf(to, to.withDefaults(draft as never)));
}

function bodyIn(object: JsonObject): JsonObject {
  const { spec, status } = object;
  return { ...(spec === undefined ? {} : { spec }), ...(status === undefined ? {} : { status }) };
}

function withData(object: Instance, data: ConversionData, name: string): Instance {
  const { annotations: _, ...metadata } = object.metadata;
  const { [name]: __, ...others } = annotationsOf(object);
  const text = writeConversionData(data);
  const annotations = text === undefined ? others : { ...others, [name]: text };
  const hasAny = Object.keys(annotations).length > 0;
  return { ...object, metadata: hasAny ? { ...metadata, annotations } : metadata };
}

function annotationsOf({ metadata }: Instance): JsonObject {
  const annotations: Json | undefined = metadata['annotations'];
  return isJsonObject(annotations) ? annotations : {};
}

function objectOf(kind: KindVersion, object: object): Instance {
  const { metadata } = object as { metadata?: unknown };
  if (!isJsonObject(object) || !isJsonObject(metadata)) {
    throw new ConversionError(`a ${kind.kind}.${kind.group} without metadata cannot be converted`);
  }
  return { ...object, metadata };
}

function versionOf({ apiVersion }: Instance): string {
  return typeof apiVersion === 'string' ? (apiVersion.split('/')[1] ?? '') : '';
}

function apiVersionOf({ group, version }: KindVersion): string {
  return `${group}/${version}`;
}
