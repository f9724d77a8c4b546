import { stringify } from 'yaml';
import type { JsonSchema } from './json-schema.ts';

/** A column of `kubectl get`. Age is always added, as the last. */
export interface PrinterColumn {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'number' | 'boolean' | 'date';
  /** A path such as `.status.phase`. */
  readonly jsonPath: string;
  readonly description?: string;
  readonly format?: string;
  /** Columns above 0 are shown by `-o wide` only. */
  readonly priority?: number;
}

/** Where the scale subresource reads and writes: `.spec.replicas`, `.status.replicas`, `.status.selector`. */
export interface ScalePaths {
  readonly specReplicasPath: string;
  readonly statusReplicasPath: string;
  readonly labelSelectorPath?: string;
}

/** One version of a kind, as the manifest lists it. */
export interface VersionOptions {
  readonly name: string;
  readonly schema: JsonSchema;
  readonly printerColumns?: readonly PrinterColumn[];
  readonly scale?: ScalePaths;
}

/** What the manifest says of a kind; the first version is the one that is stored. */
export interface ManifestOptions {
  readonly group: string;
  readonly kind: string;
  readonly plural: string;
  readonly namespaced: boolean;
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
  readonly versions: readonly VersionOptions[];
}

/** A CustomResourceDefinition as it is installed. */
export interface CustomResourceDefinition {
  readonly apiVersion: 'apiextensions.k8s.io/v1';
  readonly kind: 'CustomResourceDefinition';
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly group: string;
    readonly names: {
      readonly kind: string;
      readonly listKind: string;
      readonly plural: string;
      readonly singular: string;
      readonly shortNames?: readonly string[];
      readonly categories?: readonly string[];
    };
    readonly scope: 'Namespaced' | 'Cluster';
    readonly versions: readonly CustomResourceVersion[];
    /** Absent for a kind with one version. */
    readonly conversion?: {
      readonly strategy: 'Webhook';
      readonly webhook: {
        readonly clientConfig: ConversionClient;
        readonly conversionReviewVersions: readonly string[];
      };
    };
  };
}

/** Where the API server finds a webhook: a Service in the cluster, or a URL for one that runs outside. `caBundle` is base64. */
export type ConversionClient = (
  | {
      readonly service: {
        readonly namespace: string;
        readonly name: string;
        readonly path: string;
        readonly port: number;
      };
    }
  | { readonly url: string }
) & { readonly caBundle?: string };

/** One entry of `spec.versions` of a CustomResourceDefinition. */
export interface CustomResourceVersion {
  readonly name: string;
  readonly served: boolean;
  readonly storage: boolean;
  readonly deprecated?: boolean;
  readonly deprecationWarning?: string;
  readonly schema: { readonly openAPIV3Schema: JsonSchema };
  readonly subresources: { readonly status: Readonly<Record<string, never>>; readonly scale?: ScalePaths };
  readonly additionalPrinterColumns: readonly PrinterColumn[];
}

/** Builds the CustomResourceDefinition of a kind. */
export function customResourceDefinition(options: ManifestOptions): CustomResourceDefinition {
  const { group, kind, plural, shortNames = [], categories = [] } = options;
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      names: {
        kind,
        listKind: `${kind}List`,
        plural,
        singular: kind.toLowerCase(),
        ...(shortNames.length === 0 ? {} : { shortNames }),
        ...(categories.length === 0 ? {} : { categories }),
      },
      scope: options.namespaced ? 'Namespaced' : 'Cluster',
      versions: options.versions.map((version, index) => versionOf(version, index === 0)),
    },
  };
}

const AGE: PrinterColumn = { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' };

function versionOf(version: VersionOptions, isStored: boolean): CustomResourceVersion {
  const columns = (version.printerColumns ?? []).filter((column) => column.name !== AGE.name);
  return {
    name: version.name,
    served: true,
    storage: isStored,
    schema: { openAPIV3Schema: version.schema },
    subresources: { status: {}, ...(version.scale === undefined ? {} : { scale: version.scale }) },
    additionalPrinterColumns: [...columns, AGE],
  };
}

/** YAML 1.1 is what kubectl reads: there a bare `no` or `on` is not a string. */
const WRITING = { version: '1.1', sortMapEntries: true, lineWidth: 120, aliasDuplicateObjects: false } as const;

/** Writes objects as YAML documents whose members are sorted, so that equal objects give equal bytes. */
export function toYaml(...documents: readonly object[]): string {
  return documents.map((document) => stringify(document, WRITING)).join('---\n');
}
