import {
  type CustomResourceDefinition,
  CustomResourceDefinition as Definition,
  Deployment,
  type KubeClient,
  type KubeObject,
  Lease,
  Namespace,
  Node,
  StatefulSet,
  StorageClass,
} from '@capstan/kube';
import { isOurs } from './former-operator.ts';
import type { Installation } from './installation.ts';
import { optionalKinds, servedKinds } from './optional-kind.ts';
import { type Excerpt, excerptOf, excerptSize, type Read, readingOf } from './read.ts';
import { type AccessSight, seeAccess } from './seen-access.ts';
import { type ResourcesSight, seeResources } from './seen-resources.ts';
import {
  conversionsOf,
  readAdmission,
  type SeenWebhook,
  type ServiceSight,
  seeService,
  serviceOf,
} from './seen-webhooks.ts';

/** What a person asked to be looked at. */
export interface SurveyScope {
  readonly installations: readonly Installation[];
  /** Of custom resources; every namespace unless told. */
  readonly namespace?: string;
  /** Where the operators are or are to be; each in the namespace of its manifest unless told. */
  readonly operatorNamespace?: string;
  /** Ask about the operator's account even where it is not there yet. */
  readonly asOperator: boolean;
}

/** Everything that the checks go by, read at about one time. */
export interface Survey extends Omit<SurveyScope, 'asOperator'> {
  /** When it was taken, in ms since 1970. */
  readonly now: number;
  /** `gitVersion` of the API server, such as `v1.36.3`. */
  readonly version: Read<string>;
  /** Those of the operators' kinds that are installed. */
  readonly definitions: Read<readonly CustomResourceDefinition[]>;
  /** Names of all definitions. */
  readonly definitionNames: Read<readonly string[]>;
  readonly classes: Read<readonly StorageClass[]>;
  /** Metadata only. */
  readonly namespaces: Read<readonly KubeObject[]>;
  readonly admission: Read<readonly SeenWebhook[]>;
  /** By `namespace/name`: what is behind the Services that webhooks name. */
  readonly services: ReadonlyMap<string, Read<ServiceSight>>;
  /** Those of former operators and of ours. */
  readonly leases: Read<readonly Lease[]>;
  readonly deployments: Read<Excerpt<Deployment>>;
  readonly statefulSets: Read<Excerpt<StatefulSet>>;
  readonly access: readonly AccessSight[];
  readonly resources: readonly ResourcesSight[];
  /** Names of the optional kinds that are served. */
  readonly served: Read<ReadonlySet<string>>;
  readonly nodes: Read<Excerpt<Node>>;
}

/**
 * Reads what the checks need, and changes nothing. What may not be read says so in its place.
 * @throws {TransportError} when no API server answers
 * @throws {ApiError} when it does not know who asks (401)
 */
export async function takeSurvey(client: KubeClient, scope: SurveyScope, now: number): Promise<Survey> {
  // First and alone, so that a server that does not answer is told once.
  const version = await readingOf(readVersion(client));
  const { installations, namespace } = scope;
  const inScope = namespace === undefined ? {} : { namespace };
  const [definitions, classes, admission, leases, deployments, statefulSets, nodes] = await Promise.all([
    readingOf(readDefinitions(client, installations)),
    readingOf(client.list(StorageClass).then(({ items }) => items)),
    readingOf(readAdmission(client)),
    readingOf(readLeases(client, installations)),
    readingOf(excerptOf(client, Deployment)),
    readingOf(excerptOf(client, StatefulSet, inScope)),
    readingOf(excerptOf(client, Node)),
  ]);
  const [definitionNames, namespaces, served, resources] = await Promise.all([
    readingOf(readDefinitionNames(client)),
    readingOf(client.list<KubeObject>(Namespace, { metadataOnly: true }).then(({ items }) => items)),
    readingOf(servedKinds(client, optionalKinds)),
    readResources(client, installations, namespace),
  ]);
  const [services, access] = await Promise.all([
    readServices(client, admission, definitions),
    Promise.all(installations.map((each) => seeAccess(client, each, accessScope(each, scope, deployments)))),
  ]);
  const { asOperator: _, ...asked } = scope;
  const read = { version, definitions, definitionNames, classes, namespaces, admission, services, leases, deployments };
  return { ...asked, ...read, now, statefulSets, access, resources, served, nodes };
}

async function readVersion(client: KubeClient): Promise<string> {
  const answer = await client.raw('/version');
  const isTold = typeof answer === 'object' && answer !== null && 'gitVersion' in answer;
  return isTold && typeof answer.gitVersion === 'string' ? answer.gitVersion : '';
}

async function readDefinitions(
  client: KubeClient,
  installations: readonly Installation[],
): Promise<readonly CustomResourceDefinition[]> {
  const names = installations.flatMap(({ definitions }) => definitions.map(({ metadata }) => metadata.name));
  const found = await Promise.all(names.map((name) => client.get(Definition, { name })));
  return found.filter((definition) => definition !== undefined);
}

/** Schemas of other kinds may be large, and nothing is asked of them. */
async function readDefinitionNames(client: KubeClient): Promise<readonly string[]> {
  const { items } = await client.list(Definition, { metadataOnly: true });
  return items.map(({ metadata }) => metadata.name);
}

/** By name in all namespaces: a large cluster has a Lease for each of its nodes. */
async function readLeases(client: KubeClient, installations: readonly Installation[]): Promise<readonly Lease[]> {
  const names = installations.flatMap(({ operator, rivals }) => [operator, ...rivals.map(({ lease }) => lease)]);
  const found = await Promise.all(
    names.map((name) => client.list(Lease, { fieldSelector: `metadata.name=${name}`, limit: excerptSize })),
  );
  return found.flatMap(({ items }) => items);
}

function readResources(
  client: KubeClient,
  installations: readonly Installation[],
  namespace: string | undefined,
): Promise<readonly ResourcesSight[]> {
  return Promise.all(
    installations.flatMap(({ name, kinds }) => kinds.map((kind) => seeResources(client, name, kind, namespace))),
  );
}

async function readServices(
  client: KubeClient,
  admission: Survey['admission'],
  definitions: Survey['definitions'],
): Promise<Survey['services']> {
  const webhooks = [
    ...(admission.seen ? admission.value : []),
    ...conversionsOf(definitions.seen ? definitions.value : []),
  ];
  const paths = [...new Set(webhooks.flatMap((webhook) => serviceOf(webhook) ?? []))];
  const sights = await Promise.all(paths.map((path) => readingOf(seeService(client, path))));
  return new Map(
    paths.flatMap((path, index) => {
      const sight = sights[index];
      return sight === undefined ? [] : [[path, sight] as const];
    }),
  );
}

function accessScope(
  { operator, namespace }: Installation,
  { operatorNamespace = namespace, asOperator }: SurveyScope,
  deployments: Survey['deployments'],
) {
  const all = deployments.seen ? deployments.value.items : [];
  return { operatorNamespace, asOperator, deployments: all.filter((each) => isOurs(each, operator)) };
}

/** Where custom resources are, and so their pods: the namespace that was asked for, else that of each resource. */
export function workNamespaces({ namespace, resources }: Pick<Survey, 'namespace' | 'resources'>): readonly string[] {
  if (namespace !== undefined) return [namespace];
  const objects = resources.flatMap(({ objects }) => (objects.seen ? objects.value.items : []));
  return [...new Set(objects.flatMap(({ metadata }) => metadata.namespace ?? []))].sort();
}
