/**
 * Writes the TypeScript types of Kubernetes' own kinds from the OpenAPI documents of a live API server.
 *
 * Run it against the newest supported release, through a proxy that authenticates for it:
 *
 *     kubectl proxy --port 8001 &
 *     node packages/kube/scripts/generate-types.ts http://127.0.0.1:8001
 *
 * It writes `packages/kube/src/types.gen.ts` (whole kinds) and `packages/crd/src/embedded-types.gen.ts` (the types that a
 * custom resource embeds). Equal input gives equal bytes.
 */
import { writeFile } from 'node:fs/promises';

interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly format?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly additionalProperties?: Schema | boolean;
  readonly allOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly enum?: readonly string[];
  readonly 'x-kubernetes-group-version-kind'?: readonly { group: string; version: string; kind: string }[];
}

type Definitions = ReadonlyMap<string, Schema>;

/** Group and version as in the URL, and the kinds (or, for embedding, types) wanted from it. */
const KINDS: Readonly<Record<string, readonly string[]>> = {
  'api/v1': [
    ...[
      'ConfigMap',
      'Endpoints',
      'Event',
      'LimitRange',
      'Namespace',
      'Node',
      'PersistentVolume',
      'PersistentVolumeClaim',
      'Pod',
    ],
    ...['ReplicationController', 'ResourceQuota', 'Secret', 'Service', 'ServiceAccount'],
  ],
  'apis/admissionregistration.k8s.io/v1': [
    ...[
      'MutatingWebhookConfiguration',
      'ValidatingAdmissionPolicy',
      'ValidatingAdmissionPolicyBinding',
      'ValidatingWebhookConfiguration',
    ],
  ],
  'apis/apiextensions.k8s.io/v1': ['CustomResourceDefinition'],
  'apis/apps/v1': ['ControllerRevision', 'DaemonSet', 'Deployment', 'ReplicaSet', 'StatefulSet'],
  'apis/authentication.k8s.io/v1': ['TokenRequest', 'TokenReview'],
  'apis/authorization.k8s.io/v1': ['SelfSubjectAccessReview', 'SubjectAccessReview'],
  'apis/autoscaling/v2': ['HorizontalPodAutoscaler'],
  'apis/batch/v1': ['CronJob', 'Job'],
  'apis/coordination.k8s.io/v1': ['Lease'],
  'apis/discovery.k8s.io/v1': ['EndpointSlice'],
  'apis/events.k8s.io/v1': ['Event'],
  'apis/networking.k8s.io/v1': ['Ingress', 'IngressClass', 'NetworkPolicy'],
  'apis/policy/v1': ['PodDisruptionBudget'],
  'apis/rbac.authorization.k8s.io/v1': ['ClusterRole', 'ClusterRoleBinding', 'Role', 'RoleBinding'],
  'apis/scheduling.k8s.io/v1': ['PriorityClass'],
  'apis/storage.k8s.io/v1': ['StorageClass'],
};

const EMBEDDED: readonly string[] = [
  ...[
    'Affinity',
    'Container',
    'ContainerPort',
    'EmptyDirVolumeSource',
    'EnvFromSource',
    'EnvVar',
    'EphemeralVolumeSource',
  ],
  ...['LocalObjectReference', 'ObjectReference', 'PersistentVolumeClaimSpec', 'PodSecurityContext', 'PodSpec', 'Probe'],
  ...[
    'ResourceRequirements',
    'SecretKeySelector',
    'ConfigMapKeySelector',
    'SecurityContext',
    'ServicePort',
    'Toleration',
  ],
  ...[
    'TopologySpreadConstraint',
    'Volume',
    'VolumeMount',
    'VolumeResourceRequirements',
    'Lifecycle',
    'PodDNSConfig',
    'HostAlias',
  ],
];

/** Definitions whose short name another definition has too. */
const RENAMED: Readonly<Record<string, string>> = {
  'io.k8s.api.core.v1.Event': 'CoreEvent',
  'io.k8s.api.core.v1.EventSeries': 'CoreEventSeries',
  'io.k8s.api.core.v1.EndpointPort': 'EndpointsPort',
  'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.ServiceReference': 'ConversionServiceReference',
  'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.WebhookClientConfig': 'ConversionWebhookClientConfig',
};

const META = 'io.k8s.apimachinery.pkg.apis.meta.v1.';
const APIEXTENSIONS = 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.';

/** Definitions that are written as an expression, because they are scalars, free-form, or declared by hand in object.ts. */
const WRITTEN_AS: Readonly<Record<string, string>> = {
  'io.k8s.apimachinery.pkg.api.resource.Quantity': 'Quantity',
  'io.k8s.apimachinery.pkg.util.intstr.IntOrString': 'IntOrString',
  'io.k8s.apimachinery.pkg.runtime.RawExtension': 'Readonly<Record<string, unknown>>',
  [`${META}Time`]: 'string',
  [`${META}MicroTime`]: 'string',
  [`${META}FieldsV1`]: 'Readonly<Record<string, unknown>>',
  [`${META}ObjectMeta`]: 'Partial<ObjectMeta>',
  [`${META}Condition`]: 'Condition',
  [`${APIEXTENSIONS}JSON`]: 'unknown',
  [`${APIEXTENSIONS}JSONSchemaPropsOrBool`]: 'JSONSchemaProps | boolean',
  [`${APIEXTENSIONS}JSONSchemaPropsOrArray`]: 'JSONSchemaProps | readonly JSONSchemaProps[]',
  [`${APIEXTENSIONS}JSONSchemaPropsOrStringArray`]: 'JSONSchemaProps | readonly string[]',
};

const shortName = (definition: string): string =>
  RENAMED[definition] ?? definition.slice(definition.lastIndexOf('.') + 1);
const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The first sentence of a description, on one line, safe inside a comment. */
function summaryOf(description: string | undefined): string | undefined {
  const text = description?.replace(/\s+/g, ' ').replaceAll('*/', '*\\/').trim() ?? '';
  if (text === '') return undefined;
  return /^.*?[^.]\.(?=\s[A-Z`"]|$)(?<!e\.g\.|i\.e\.|etc\.)/.exec(text)?.[0] ?? text;
}

class TypeWriter {
  readonly #definitions: Definitions;
  readonly #written = new Map<string, { definition: string; text: string }>();

  constructor(definitions: Definitions) {
    this.#definitions = definitions;
  }

  /** Every interface added so far, sorted by name. */
  get text(): string {
    const entries = [...this.#written].sort(([a], [b]) => byText(a, b));
    return entries.map(([, { text }]) => text).join('\n');
  }

  /** Adds a definition and all that it refers to. */
  add(definition: string): void {
    const name = shortName(definition);
    const before = this.#written.get(name);
    if (before?.definition === definition) return;
    if (before !== undefined)
      throw new Error(`${definition} and ${before.definition} are both named ${name}: add one to RENAMED`);
    const schema = this.#definitions.get(definition);
    if (schema === undefined) throw new Error(`the server does not describe ${definition}`);
    const entry = { definition, text: '' };
    this.#written.set(name, entry);
    entry.text = this.#declarationOf(name, schema);
  }

  #declarationOf(name: string, schema: Schema): string {
    const doc = (text: string | undefined, indent: string): string =>
      text === undefined ? '' : `${indent}/** ${text} */\n`;
    if (schema.properties === undefined)
      return `${doc(summaryOf(schema.description), '')}export type ${name} = ${this.#typeOf(schema)};\n`;
    const kind = topLevelKindOf(schema);
    const members = Object.entries(schema.properties)
      .sort(([a], [b]) => byText(a, b))
      .map(([field, value]) => {
        const summary = doc(summaryOf(value.description), '  ');
        if (kind !== undefined && field === 'apiVersion') return `  readonly apiVersion: '${kind.apiVersion}';\n`;
        if (kind !== undefined && field === 'kind') return `  readonly kind: '${kind.kind}';\n`;
        if (kind !== undefined && field === 'metadata') return '  readonly metadata: ObjectMeta;\n';
        const mark = schema.required?.includes(field) ? '' : '?';
        return `${summary}  readonly ${/^[A-Za-z_$][\w$]*$/.test(field) ? field : `'${field}'`}${mark}: ${this.#typeOf(value)};\n`;
      });
    return `${doc(summaryOf(schema.description), '')}export interface ${name}${kind === undefined ? '' : ' extends KubeObject'} {\n${members.join('')}}\n`;
  }

  #typeOf(schema: Schema): string {
    const ref = schema.$ref ?? schema.allOf?.[0]?.$ref;
    if (ref !== undefined) return this.#reference(decodeURIComponent(ref.slice(ref.lastIndexOf('/') + 1)));
    if (schema.enum !== undefined)
      return [...schema.enum]
        .sort(byText)
        .map((value) => `'${value}'`)
        .join(' | ');
    switch (schema.type) {
      case 'string':
        return 'string';
      case 'boolean':
        return 'boolean';
      case 'integer':
      case 'number':
        return 'number';
      case 'array':
        return listOf(this.#typeOf(schema.items ?? {}));
      case 'object':
        return typeof schema.additionalProperties === 'object'
          ? `Readonly<Record<string, ${this.#typeOf(schema.additionalProperties)}>>`
          : 'Readonly<Record<string, unknown>>';
      default:
        return 'unknown';
    }
  }

  #reference(definition: string): string {
    const written = WRITTEN_AS[definition];
    if (written?.includes('JSONSchemaProps')) this.add(`${APIEXTENSIONS}JSONSchemaProps`);
    if (written !== undefined) return written;
    this.add(definition);
    const schema = this.#definitions.get(definition);
    return schema !== undefined && topLevelKindOf(schema) !== undefined
      ? `Embedded<${shortName(definition)}>`
      : shortName(definition);
  }
}

function listOf(item: string): string {
  return `readonly ${item.includes(' ') && !item.endsWith('>') ? `(${item})` : item}[]`;
}

/** A definition that is a whole object: it names its kind and has metadata of its own. */
function topLevelKindOf(schema: Schema): { apiVersion: string; kind: string } | undefined {
  const [kind, another] = schema['x-kubernetes-group-version-kind'] ?? [];
  const metadata = schema.properties?.['metadata'];
  const hasObjectMeta = metadata?.allOf?.[0]?.$ref?.endsWith('.ObjectMeta') ?? false;
  if (kind === undefined || another !== undefined || !hasObjectMeta) return undefined;
  return { apiVersion: kind.group === '' ? kind.version : `${kind.group}/${kind.version}`, kind: kind.kind };
}

async function definitionsOf(server: string, path: string): Promise<Definitions> {
  const answer = await fetch(`${server}/openapi/v3/${path}`);
  if (!answer.ok) throw new Error(`${answer.url}: ${answer.status} ${answer.statusText}`);
  const document = (await answer.json()) as { components: { schemas: Record<string, Schema> } }; // the OpenAPI v3 shape
  return new Map(Object.entries(document.components.schemas));
}

async function kubernetesVersion(server: string): Promise<string> {
  const answer = await fetch(`${server}/version`);
  const { gitVersion } = (await answer.json()) as { gitVersion: string }; // version.Info, fixed by the API server
  return gitVersion;
}

const SCALARS = `/** A quantity such as \`500m\` or \`10Gi\`; the server accepts a bare number too. */
export type Quantity = string | number;

/** A number, or a string such as a port name or a percentage. */
export type IntOrString = number | string;
`;

const EMBEDDED_HELPER = `/** A kind inside another object, such as a claim template: the parent says what it is. */
export type Embedded<T extends KubeObject> = Omit<T, 'apiVersion' | 'kind' | 'metadata'> & {
  readonly apiVersion?: T['apiVersion'];
  readonly kind?: T['kind'];
  readonly metadata?: Partial<ObjectMeta>;
};
`;

function header(version: string): string {
  return `// Generated from the OpenAPI documents of Kubernetes ${version} by packages/kube/scripts/generate-types.ts; do not edit.\n`;
}

async function kindTypes(server: string, version: string): Promise<string> {
  const definitions = new Map<string, Schema>();
  const wanted: string[] = [];
  for (const [path, kinds] of Object.entries(KINDS)) {
    for (const [name, schema] of await definitionsOf(server, path)) definitions.set(name, schema);
    wanted.push(...kinds.map((kind) => definitionOfKind(definitions, path, kind)));
  }
  const writer = new TypeWriter(definitions);
  for (const definition of wanted) writer.add(definition);
  const imports = "import type { Condition, KubeObject, ObjectMeta } from './object.ts';\n";
  return [header(version) + imports, SCALARS, EMBEDDED_HELPER, writer.text].join('\n');
}

function definitionOfKind(definitions: Definitions, path: string, kind: string): string {
  const groupVersion = path.replace(/^apis?\//, '');
  for (const [name, schema] of definitions) {
    const found = topLevelKindOf(schema);
    if (found?.kind === kind && found.apiVersion === groupVersion) return name;
  }
  throw new Error(`the server does not describe the kind ${kind} of ${groupVersion}`);
}

async function embeddedTypes(server: string, version: string): Promise<string> {
  const writer = new TypeWriter(await definitionsOf(server, 'api/v1'));
  for (const name of EMBEDDED) writer.add(`io.k8s.api.core.v1.${name}`);
  writer.add(`${META}LabelSelector`);
  const shape = `/** The metadata of an embedded object; a custom resource keeps no more of it than this. */
export interface EmbeddedMetadata {
  readonly name?: string;
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly finalizers?: readonly string[];
}
`;
  const text = writer.text
    .replaceAll(/Partial<ObjectMeta>|(?<=metadata: )ObjectMeta/g, 'EmbeddedMetadata')
    .replaceAll(/Embedded<(\w+)>/g, '$1')
    .replaceAll(' extends KubeObject', '');
  return [header(version), SCALARS, shape, text].join('\n');
}

const server = process.argv[2];
if (server === undefined) throw new Error('usage: generate-types.ts http://127.0.0.1:8001 (a running kubectl proxy)');
const version = await kubernetesVersion(server);
await writeFile(new URL('../src/types.gen.ts', import.meta.url), await kindTypes(server, version));
await writeFile(new URL('../../crd/src/embedded-types.gen.ts', import.meta.url), await embeddedTypes(server, version));
