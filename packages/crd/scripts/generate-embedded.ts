/**
 * Writes the structural schemas of the Kubernetes types that a custom resource embeds, from the OpenAPI document of a live API
 * server. Run it together with `packages/kube/scripts/generate-types.ts`, which writes the TypeScript types of the same release:
 *
 *     kubectl proxy --port 8001 &
 *     node packages/crd/scripts/generate-embedded.ts http://127.0.0.1:8001
 *
 * The choices are those of controller-gen, so that CRDs look as users know them: quantities and int-or-string as a pair of types,
 * list-map keys and list types kept, enums left out (an API server may accept more values than the one that was asked), defaults
 * only where they are more than Go's zero value. Descriptions are cut to their first sentence to keep CRDs small.
 */
import { writeFile } from 'node:fs/promises';

interface OpenApiSchema {
  readonly $ref?: string;
  readonly type?: string;
  readonly format?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, OpenApiSchema>>;
  readonly required?: readonly string[];
  readonly items?: OpenApiSchema;
  readonly additionalProperties?: OpenApiSchema;
  readonly allOf?: readonly OpenApiSchema[];
  readonly 'x-kubernetes-list-type'?: string;
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
  readonly 'x-kubernetes-map-type'?: string;
}

type Members = Record<string, unknown>;

const CORE = 'io.k8s.api.core.v1.';
const META = 'io.k8s.apimachinery.pkg.apis.meta.v1.';

const ROOTS: readonly string[] = [
  ...[
    'Affinity',
    'Container',
    'ContainerPort',
    'EmptyDirVolumeSource',
    'EnvFromSource',
    'EnvVar',
    'HostAlias',
    'Lifecycle',
  ],
  ...[
    'LocalObjectReference',
    'ObjectReference',
    'PersistentVolumeClaimSpec',
    'PodDNSConfig',
    'PodSecurityContext',
    'PodSpec',
  ],
  ...['Probe', 'ResourceRequirements', 'SecretKeySelector', 'ConfigMapKeySelector', 'SecurityContext', 'ServicePort'],
  ...['Toleration', 'TopologySpreadConstraint', 'Volume', 'VolumeMount', 'VolumeResourceRequirements'],
].map((name) => CORE + name);

/** Definitions that are one of a few shapes of their own, spelt out where they are used. */
const SPELT_OUT: Readonly<Record<string, Members>> = {
  'io.k8s.apimachinery.pkg.api.resource.Quantity': { quantity: true },
  'io.k8s.apimachinery.pkg.util.intstr.IntOrString': {
    anyOf: [{ type: 'integer' }, { type: 'string' }],
    'x-kubernetes-int-or-string': true,
  },
  [`${META}Time`]: { type: 'string', format: 'date-time' },
  [`${META}ObjectMeta`]: {
    type: 'object',
    properties: {
      annotations: {
        type: 'object',
        additionalProperties: { type: 'string' },
        description: 'Annotations of the object.',
      },
      finalizers: { type: 'array', items: { type: 'string' }, description: 'Finalizers of the object.' },
      labels: { type: 'object', additionalProperties: { type: 'string' }, description: 'Labels of the object.' },
      name: { type: 'string', description: 'Name of the object.' },
      namespace: { type: 'string', description: 'Namespace of the object.' },
    },
  },
};

const KEPT = [
  'type',
  'required',
  'x-kubernetes-list-type',
  'x-kubernetes-list-map-keys',
  'x-kubernetes-map-type',
] as const;
const FORMATS: ReadonlySet<string> = new Set(['int32', 'int64', 'date-time', 'double']);

const byText = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number =>
  a < b ? -1 : a > b ? 1 : 0;
const shortName = (definition: string): string => definition.slice(definition.lastIndexOf('.') + 1);

function summaryOf(description: string | undefined): string | undefined {
  const text = description?.replace(/\s+/g, ' ').trim() ?? '';
  if (text === '') return undefined;
  return /^.*?[^.]\.(?=\s[A-Z`"]|$)(?<!e\.g\.|i\.e\.|etc\.)/.exec(text)?.[0] ?? text;
}

/** Turns the definitions reachable from the roots into structural schemas that refer to each other by short name. */
class Embedding {
  readonly definitions = new Map<string, Members>();
  readonly #source: Readonly<Record<string, OpenApiSchema>>;

  constructor(source: Readonly<Record<string, OpenApiSchema>>) {
    this.#source = source;
  }

  add(definition: string): void {
    const name = shortName(definition);
    if (this.definitions.has(name)) return;
    const schema = this.#source[definition];
    if (schema === undefined) throw new Error(`the server does not describe ${definition}`);
    this.definitions.set(name, {});
    this.definitions.set(name, this.#convert(schema));
  }

  #convert(schema: OpenApiSchema): Members {
    const description = summaryOf(schema.description);
    const about = description === undefined ? {} : { description };
    const ref = schema.$ref ?? schema.allOf?.[0]?.$ref;
    if (ref !== undefined) return { ...this.#refer(ref.slice(ref.lastIndexOf('/') + 1)), ...about };
    const out: Members = { ...about };
    for (const keyword of KEPT) if (schema[keyword] !== undefined) out[keyword] = schema[keyword];
    if (schema.format !== undefined && FORMATS.has(schema.format)) out['format'] = schema.format;
    if (schema.items !== undefined) out['items'] = this.#convert(schema.items);
    if (schema.additionalProperties !== undefined)
      out['additionalProperties'] = this.#convert(schema.additionalProperties);
    if (schema.properties !== undefined) out['properties'] = this.#properties(schema, schema.properties);
    return out;
  }

  #properties(schema: OpenApiSchema, properties: Readonly<Record<string, OpenApiSchema>>): Members {
    const converted = Object.entries(properties).map(([name, property]): [string, Members] => {
      const members = this.#convert(property);
      const saysSomething = !isZero(property.default) && schema.required?.includes(name) !== true;
      return [name, saysSomething ? { ...members, default: property.default } : members];
    });
    return Object.fromEntries(converted.sort(byText));
  }

  #refer(definition: string): Members {
    const speltOut = SPELT_OUT[definition];
    if (speltOut !== undefined) return speltOut;
    this.add(definition);
    return { ref: shortName(definition) };
  }
}

/** The zero values that Go's types have; the document gives them as defaults, which says nothing. */
function isZero(value: unknown): boolean {
  return (
    value === undefined ||
    value === '' ||
    value === 0 ||
    value === false ||
    (typeof value === 'object' && JSON.stringify(value) === '{}')
  );
}

const server = process.argv[2];
if (server === undefined)
  throw new Error('usage: generate-embedded.ts http://127.0.0.1:8001 (a running kubectl proxy)');
const [document, version] = await Promise.all(
  ['/openapi/v3/api/v1', '/version'].map(async (path) => {
    const answer = await fetch(`${server}${path}`);
    if (!answer.ok) throw new Error(`${answer.url}: ${answer.status} ${answer.statusText}`);
    return (await answer.json()) as unknown;
  }),
);
const { components } = document as { components: { schemas: Record<string, OpenApiSchema> } }; // the OpenAPI v3 shape
const { gitVersion } = version as { gitVersion: string }; // version.Info, fixed by the API server

const embedding = new Embedding(components.schemas);
for (const root of [...ROOTS, `${META}LabelSelector`]) embedding.add(root);
const text = [...embedding.definitions]
  .sort(byText)
  .map(([name, schema]) => `  ${name}: ${JSON.stringify(schema)},\n`)
  .join('');
await writeFile(
  new URL('../src/embedded.gen.ts', import.meta.url),
  `// Generated from the OpenAPI documents of Kubernetes ${gitVersion} by packages/crd/scripts/generate-embedded.ts; do not edit.\n` +
    "import type { EmbeddedDefinition } from './embedded-definition.ts';\n\n" +
    `export const EMBEDDED: Readonly<Record<string, EmbeddedDefinition>> = {\n${text}};\n`,
);
