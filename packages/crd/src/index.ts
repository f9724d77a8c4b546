export { type TSchema, Type } from 'typebox';
export { Quantity } from './cel/quantity.ts';
export { ConversionError } from './conversion/conversion-error.ts';
export {
  type Converted,
  type KindVersion,
  type Spoke,
  type SpokeOptions,
  spoke,
  type VersionedResource,
  type VersionedResourceOptions,
  versionedResource,
} from './conversion/versioned-resource.ts';
export type {
  CustomResource,
  CustomResourceInput,
  CustomResourceObject,
  CustomResourceOptions,
  InputOf,
  ResourceOf,
  SpecOf,
  StatusOf,
} from './custom-resource.ts';
export { customResource } from './custom-resource.ts';
export type { EmbeddedCondition } from './embedded.ts';
export { k8s } from './embedded.ts';
// The types of what k8s gives: declarations of schemas made of it name them.
export type * from './embedded-types.gen.ts';
export type { Json, JsonObject, JsonSchema, RuleReason, ValidationRule } from './json-schema.ts';
export type {
  ConversionClient,
  CustomResourceDefinition,
  CustomResourceVersion,
  PrinterColumn,
  ScalePaths,
} from './manifest.ts';
export { toYaml } from './manifest.ts';
export type { ResourceFieldOwnership, ResourceFieldSet, ResourceMetadata, ResourceOwner } from './metadata.ts';
export type { FieldOptions, ListOptions, MapOptions } from './schema.ts';
export {
  anyJson,
  freeForm,
  immutable,
  intOrString,
  listMap,
  listSet,
  mapOf,
  nullable,
  quantity,
  rule,
  stringEnum,
  stringMap,
  withDefault,
} from './schema.ts';
export { SchemaError } from './schema-error.ts';
export type { Defaulted, Nullable, TMap, ValueMode, ValueOf } from './value.ts';
export type { Violation, ViolationReason } from './violation.ts';
