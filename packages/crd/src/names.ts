import { type JsonSchema, memberSchema } from './json-schema.ts';
import type { PrinterColumn, ScalePaths } from './manifest.ts';
import { SchemaError } from './schema-error.ts';

interface Names {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
  readonly description: string;
}

const LABEL = /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/;
const DOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)+$/;

/** Refuses names that the API server would refuse in a CustomResourceDefinition. */
export function checkNames({
  group,
  version,
  kind,
  plural,
  shortNames = [],
  categories = [],
  description,
}: Names): void {
  const assert = (isSound: boolean, problem: string): void => {
    if (!isSound) throw new SchemaError('', problem);
  };
  assert(DOMAIN.test(group), `the group '${group}' must be a domain name with at least one dot`);
  assert(
    !/(^|\.)(k8s|kubernetes)\.io$/.test(group),
    `the group '${group}' is protected and needs an approval by the Kubernetes project`,
  );
  assert(/^v\d+((alpha|beta)\d+)?$/.test(version), `the version '${version}' must look like v1, v1beta1 or v1alpha1`);
  assert(LABEL.test(kind.toLowerCase()) && /^[A-Z]/.test(kind), `the kind '${kind}' must be a CamelCase word`);
  assert(LABEL.test(plural), `the plural '${plural}' must be a lower-case DNS label`);
  for (const name of [...shortNames, ...categories])
    assert(LABEL.test(name), `the name '${name}' must be a lower-case DNS label`);
  assert(description.trim() !== '', `the kind '${kind}' has no description`);
}

interface Paths {
  readonly printerColumns?: readonly PrinterColumn[];
  readonly scale?: ScalePaths;
}

/** Refuses printer columns and scale paths that lead nowhere. */
export function checkPaths(schema: JsonSchema, { printerColumns = [], scale }: Paths): void {
  for (const { name, jsonPath } of printerColumns) {
    if (!jsonPath.startsWith('.'))
      throw new SchemaError('', `the path '${jsonPath}' of column '${name}' must start with a dot`);
    checkSimplePath(schema, jsonPath, `column '${name}'`);
  }
  if (scale === undefined) return;
  if (!scale.specReplicasPath.startsWith('.spec.'))
    throw new SchemaError('', 'specReplicasPath must be a path under .spec');
  if (!scale.statusReplicasPath.startsWith('.status.'))
    throw new SchemaError('', 'statusReplicasPath must be a path under .status');
  for (const path of Object.values(scale)) checkSimplePath(schema, path, 'scale');
}

/** Paths with filters or indexes are left to the API server; a chain of fields must exist. */
function checkSimplePath(schema: JsonSchema, jsonPath: string, what: string): void {
  if (!/^(\.[A-Za-z_]\w*)+$/.test(jsonPath) || jsonPath.startsWith('.metadata.')) return;
  let at: JsonSchema | undefined = schema;
  for (const name of jsonPath.slice(1).split('.')) at = at === undefined ? undefined : memberSchema(at, name);
  if (at === undefined)
    throw new SchemaError(jsonPath.slice(1), `${what} points to a field that the schema does not have`);
}
