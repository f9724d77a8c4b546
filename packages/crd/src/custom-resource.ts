import type { TSchema, TString } from 'typebox';
import { compileRules, type RuleTree, ruleViolations } from './cel/rules.ts';
import { isJsonObject, type Json, type JsonObject, type JsonSchema, type ValidationRule } from './json-schema.ts';
import {
  type CustomResourceDefinition,
  customResourceDefinition,
  type PrinterColumn,
  type ScalePaths,
} from './manifest.ts';
import type { ResourceMetadata } from './metadata.ts';
import { checkNames, checkPaths } from './names.ts';
import { checkSchema } from './schema-checks.ts';
import { SchemaError } from './schema-error.ts';
import { storedForm, unknownFields } from './stored-form.ts';
import { structuralSchema } from './structural.ts';
import { duplicateViolations, schemaViolations } from './validation.ts';
import type { ValueOf } from './value.ts';
import { blocksRules, type Violation } from './violation.ts';

/** Everything there is to say about a kind of custom resource. */
export interface CustomResourceOptions<Spec extends TSchema, Status extends TSchema> {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  /** Lower case, as in the URL. */
  readonly plural: string;
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
  /** True unless told. */
  readonly namespaced?: boolean;
  /** What `kubectl explain` says of the kind. */
  readonly description: string;
  /** Restricts `metadata.name`, for example by `maxLength`: children derive their names from it. */
  readonly name?: TString;
  readonly spec: Spec;
  readonly status: Status;
  /** Rules on the object as a whole; `self.metadata.name` and `self.spec` are in reach. */
  readonly rules?: readonly ValidationRule[];
  readonly printerColumns?: readonly PrinterColumn[];
  readonly scale?: ScalePaths;
}

/** An object of a kind, as read from the API server: defaults are filled in. */
export interface CustomResourceObject<Spec, Status> {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ResourceMetadata;
  readonly spec: Spec;
  readonly status?: Status;
}

/** An object of a kind, as a user writes it: what has a default may be left out. */
export interface CustomResourceInput<Spec> {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata: Partial<ResourceMetadata>;
  readonly spec: Spec;
}

/**
 * A kind of custom resource. It is a `ResourceType` of `@capstan/kube`, so clients and controllers take it as it is.
 */
export interface CustomResource<Spec extends TSchema = TSchema, Status extends TSchema = TSchema> {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly namespaced: boolean;
  /** Carries the type of the objects; no value has it. */
  readonly objectType?: CustomResourceObject<ValueOf<Spec>, ValueOf<Status>>;
  /** Carries the type of the objects as users write them; no value has it. */
  readonly inputType?: CustomResourceInput<ValueOf<Spec, 'write'>>;
  /** The structural schema of the whole object, as in the manifest. */
  readonly schema: JsonSchema;
  /** The CustomResourceDefinition to install. */
  manifest(): CustomResourceDefinition;
  /** The object as the API server stores it: defaults filled in, fields the schema does not know and needless nulls dropped. */
  withDefaults(
    object: CustomResourceInput<ValueOf<Spec, 'write'>>,
  ): CustomResourceObject<ValueOf<Spec>, ValueOf<Status>>;
  /**
   * Why the API server would refuse the object; empty when it would not. Defaults are filled in first.
   * With `old`, as an update of it: transition rules are evaluated, and what was wrong before and is unchanged is let through.
   * The object's metadata is checked only as far as the schema speaks of it.
   */
  validate(object: object, old?: object): readonly Violation[];
  /** The fields of an object that the schema does not know, which the API server drops, or refuses under strict validation. */
  unknownFields(object: object): readonly string[];
}

/** The objects of a kind: `type StreamBusCluster = ResourceOf<typeof StreamBusCluster>`. */
export type ResourceOf<Kind> =
  Kind extends CustomResource<infer Spec, infer Status> ? CustomResourceObject<ValueOf<Spec>, ValueOf<Status>> : never;

/** The objects of a kind as users write them, where a field with a default may be left out. */
export type InputOf<Kind> =
  Kind extends CustomResource<infer Spec> ? CustomResourceInput<ValueOf<Spec, 'write'>> : never;

/** The spec of a kind after defaults. */
export type SpecOf<Kind> = Kind extends CustomResource<infer Spec> ? ValueOf<Spec> : never;

/** The status of a kind. */
export type StatusOf<Kind> = Kind extends CustomResource<TSchema, infer Status> ? ValueOf<Status> : never;

/**
 * Defines a kind of custom resource: one schema gives its TypeScript type, its CustomResourceDefinition, its defaults and its
 * validation.
 *
 * @example
 * ```ts
 * export const Cache = customResource({
 *   group: 'example.dev', version: 'v1', kind: 'Cache', plural: 'caches', description: 'A cache.',
 *   spec: Type.Object({
 *     replicas: withDefault(Type.Integer({ minimum: 1, description: 'How many pods serve it.' }), 3),
 *     memory: quantity({ description: 'Memory of each pod.' }),
 *   }, { description: 'What is wanted.' }),
 *   status: Type.Object({ ready: Type.Optional(Type.Boolean({ description: 'Whether it serves.' })) }, { description: 'What is.' }),
 * });
 * export type Cache = ResourceOf<typeof Cache>;
 * ```
 * @throws SchemaError with the field path, for what the API server would refuse or cannot be evaluated here as it does
 */
export function customResource<Spec extends TSchema, Status extends TSchema>(
  options: CustomResourceOptions<Spec, Status>,
): CustomResource<Spec, Status> {
  const schema = rootSchema(options);
  checkNames(options);
  checkSchema(schema);
  checkPaths(schema, options);
  const rules = compileRules(schema);
  checkDefaultsAgainstRules(schema, rules);
  const { group, version, kind, plural, namespaced = true } = options;
  return {
    group,
    version,
    kind,
    plural,
    namespaced,
    schema,
    manifest: () =>
      customResourceDefinition({ ...options, namespaced, versions: [{ ...options, name: version, schema }] }),
    // The stored form has every default, which is what the read type says and the schema guarantees.
    withDefaults: (object) =>
      storedForm(schema, asJsonObject(object)) as unknown as CustomResourceObject<ValueOf<Spec>, ValueOf<Status>>,
    validate: (object, old) =>
      violationsOf(
        { schema, rules, scale: options.scale },
        asJsonObject(object),
        old === undefined ? undefined : asJsonObject(old),
      ),
    unknownFields: (object) => unknownFields(schema, asJsonObject(object)),
  };
}

function rootSchema<Spec extends TSchema, Status extends TSchema>(
  options: CustomResourceOptions<Spec, Status>,
): JsonSchema {
  const spec = structuralSchema(options.spec, 'spec');
  const isSpecOptional = Object.hasOwn(options.spec, '~optional') || spec.default !== undefined;
  return {
    type: 'object',
    description: options.description,
    ...(isSpecOptional ? {} : { required: ['spec'] }),
    properties: {
      apiVersion: { type: 'string', description: 'The versioned schema of this object, as group and version.' },
      kind: { type: 'string', description: 'The kind of this object.' },
      metadata: metadataSchema(options.name),
      spec: { description: 'What is wanted.', ...spec },
      status: { description: 'What was last observed.', ...structuralSchema(options.status, 'status') },
    },
    ...(options.rules === undefined ? {} : { 'x-kubernetes-validations': options.rules }),
  };
}

/** The API server allows nothing here but restrictions of the name; it describes metadata itself. */
function metadataSchema(name: TString | undefined): JsonSchema {
  if (name === undefined) return { type: 'object' };
  const schema = { description: 'The name of the object.', ...structuralSchema(name, 'metadata.name') };
  return { type: 'object', properties: { name: schema } };
}

function violationsOf(kind: CompiledKind, object: JsonObject, old: JsonObject | undefined): readonly Violation[] {
  const { schema, rules, scale } = kind;
  const stored = storedForm(schema, object);
  const storedOld = old === undefined ? undefined : storedForm(schema, old);
  const violations = schemaViolations(schema, stored, '', storedOld);
  violations.push(...scaleViolations(scale, stored));
  if (storedOld === undefined || duplicateViolations(schema, storedOld, '').length === 0) {
    violations.push(...duplicateViolations(schema, stored, ''));
  }
  return blocksRules(violations) ? violations : [...violations, ...ruleViolations(rules, schema, stored, storedOld)];
}

interface CompiledKind {
  readonly schema: JsonSchema;
  readonly rules: RuleTree | undefined;
  readonly scale: ScalePaths | undefined;
}

/** The scale subresource counts with 32 bits and from zero, whatever the schema allows. */
function scaleViolations(scale: ScalePaths | undefined, object: JsonObject): readonly Violation[] {
  const paths = scale === undefined ? [] : [scale.specReplicasPath, scale.statusReplicasPath];
  return paths.flatMap((path): Violation[] => {
    const count = path
      .split('.')
      .reduce<Json | undefined>((at, name) => (name === '' || !isJsonObject(at) ? at : at[name]), object);
    if (typeof count !== 'number' || (count >= 0 && count < 2 ** 31)) return [];
    return [{ path: path.slice(1), reason: 'FieldValueInvalid', message: 'must be at least 0 and fit 32 bits' }];
  });
}

/** The API server evaluates the rules on every default, once as a creation and once as an update to itself. */
function checkDefaultsAgainstRules(schema: JsonSchema, tree: RuleTree | undefined, path = ''): void {
  if (tree === undefined) return;
  if (schema.default !== undefined) {
    const [violation] = ruleViolations(tree, schema, schema.default, undefined, path);
    if (violation !== undefined)
      throw new SchemaError(violation.path, `the default is refused by a rule: ${violation.message}`);
  }
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    checkDefaultsAgainstRules(property, tree.properties.get(name), path === '' ? name : `${path}.${name}`);
  }
  if (schema.items !== undefined) checkDefaultsAgainstRules(schema.items, tree.items, `${path}[]`);
}

function asJsonObject(object: object): JsonObject {
  if (!isJsonObject(object)) throw new TypeError('a custom resource must be a JSON object');
  return object;
}
