import { styleText } from 'node:util';
import { ApiError, apiVersionOf, createClient, type KubeClient, type KubeObject, loadKubeConfig } from '@capstan/kube';
import { asApplied, type Controller, type Preview, type PreviewOptions, preview, Snapshots } from '@capstan/runtime';
import { UserError } from '../failure.ts';
import { parseKindArgument } from '../kind-argument.ts';
import { loadControllers } from '../operators.ts';
import { readDocuments, type SourceDocument } from './documents.ts';
import { editedFields } from './edited-fields.ts';
import { type Paint, resourceLines, summaryText } from './plan-text.ts';
import { exitCodeOf, type PlannedResource, summaryOf } from './planned-resource.ts';

/** `a, b or c`. */
const anyOf = new Intl.ListFormat('en-GB', { type: 'disjunction' });

export interface PlanOptions {
  /** `<kind>/<name>` or `<kind>`: of what is live. */
  readonly what?: string;
  /** Files, directories, `-`. */
  readonly filename?: readonly string[];
  readonly namespace?: string;
  readonly allNamespaces?: boolean;
  readonly offline?: boolean;
  readonly brief?: boolean;
  readonly output: 'text' | 'json';
  readonly operator?: readonly string[];
  readonly kubeconfig?: string;
  readonly context?: string;
}

/** Where a plan is made: against a cluster, or offline against none. */
export interface PlanPlace {
  readonly client: KubeClient | undefined;
  readonly namespace: string;
  /** One look at the cluster for all resources. */
  readonly snapshots: Snapshots;
}

/**
 * Prints what the operators would change, and changes nothing.
 * @returns the exit code: 0 nothing to do, 2 changes, 1 something would be refused
 */
export async function plan(options: PlanOptions): Promise<number> {
  const controllers = await loadControllers(options.operator ?? []);
  const warnings = new Set<string>();
  const place = await placeOf(options, (text) => warnings.add(text));
  try {
    const planned =
      options.filename === undefined
        ? await planLive(controllers, options, place)
        : await planFiles(controllers, await readDocuments(options.filename), options, place);
    for (const warning of warnings) console.error(`warning from the API server: ${warning}`);
    return print(planned, options);
  } finally {
    await place.client?.close();
  }
}

async function placeOf(
  { offline = false, kubeconfig, context, namespace, what, filename }: PlanOptions,
  onWarning: (text: string) => void,
): Promise<PlanPlace> {
  if (what !== undefined && filename !== undefined)
    throw new UserError('name either files (-f) or something live, not both');
  if (offline && filename === undefined) throw new UserError('--offline needs files: -f <file>');
  const snapshots = new Snapshots();
  if (offline) return { client: undefined, namespace: namespace ?? 'default', snapshots };
  const connection = await loadKubeConfig({ path: kubeconfig, context });
  const client = createClient(connection, { userAgent: 'capstan-plan', onWarning });
  return { client, namespace: namespace ?? connection.namespace, snapshots };
}

/**
 * What applying documents would come to, one after the other.
 * @throws {UserError} when no operator here knows any kind in them, or one says another namespace than `options`
 */
export async function planFiles(
  controllers: readonly Controller[],
  documents: readonly SourceDocument[],
  options: Pick<PlanOptions, 'namespace'>,
  place: PlanPlace,
): Promise<readonly PlannedResource[]> {
  const planned: PlannedResource[] = [];
  for (const document of documents) planned.push(await planDocument(controllers, document, options, place));
  if (planned.some(({ verdict }) => verdict !== 'Skipped')) return planned;
  const known = [...new Set(controllers.map(({ kind }) => `${kind.kind} (${apiVersionOf(kind)})`))].join(', ');
  throw new UserError(`no operator here knows any kind in these files; known: ${known}. Others: --operator <module>`);
}

async function planDocument(
  controllers: readonly Controller[],
  { source, object }: SourceDocument,
  options: Pick<PlanOptions, 'namespace'>,
  place: PlanPlace,
): Promise<PlannedResource> {
  const controller = controllers.find(({ kind }) => kind.kind === object.kind && kind.group === groupOf(object));
  if (controller === undefined) return { source, resource: headOf(object), verdict: 'Skipped' };
  const expected = apiVersionOf(controller.kind);
  if (object.apiVersion !== expected) {
    const message = `must be ${expected}, which the operator works with; of other versions, plan what is live`;
    return { source, resource: headOf(object), verdict: 'Invalid', violations: [{ path: 'apiVersion', message }] };
  }
  const draft = inNamespace(object, controller, options, place, source);
  const subject = { source, resource: headOf(draft) };
  const result = await asApplied(controller.kind, draft, place.client);
  if ('violations' in result) return { ...subject, verdict: 'Invalid', violations: result.violations };
  const { resource, live, notes } = result;
  const found = await preview(controller, resource, previewOptions(place));
  const fields = live === undefined ? [] : editedFields(live, resource);
  return {
    ...subject,
    verdict: 'Planned',
    edit: live === undefined ? 'create' : fields.length > 0 ? 'change' : 'none',
    editedFields: fields,
    preview: { ...found, notes: [...notes, ...found.notes] },
  };
}

function inNamespace(
  object: KubeObject,
  { kind }: Controller,
  options: Pick<PlanOptions, 'namespace'>,
  place: PlanPlace,
  source: string,
): KubeObject {
  if (!kind.namespaced) return object;
  const { namespace = place.namespace } = object.metadata;
  if (options.namespace !== undefined && namespace !== options.namespace)
    throw new UserError(`${source} says namespace ${namespace}, and --namespace says ${options.namespace}`);
  return { ...object, metadata: { ...object.metadata, namespace } };
}

function previewOptions({ client, snapshots }: PlanPlace): PreviewOptions {
  return client === undefined ? { offline: true } : { client, snapshots };
}

async function planLive(
  controllers: readonly Controller[],
  options: PlanOptions,
  place: PlanPlace,
): Promise<readonly PlannedResource[]> {
  const { client, namespace } = place;
  if (client === undefined) return [];
  const named = options.what === undefined ? undefined : parseKindArgument(options.what, controllers);
  const chosen = named === undefined ? controllers : [named.of];
  const where = options.allNamespaces === true ? undefined : namespace;
  const planned: PlannedResource[] = [];
  const closed: ApiError[] = [];
  for (const controller of chosen) {
    // Whoever works with one operator need not be allowed to see what the others work with.
    const mayBeClosed = chosen.length > 1;
    const resources = await liveOf(controller, named?.name, where, client).catch((error: unknown) => {
      if (!mayBeClosed || !(error instanceof ApiError && error.status === 403)) throw error;
      closed.push(error);
      return [];
    });
    for (const resource of resources) planned.push(await planResource(controller, resource, place));
  }
  if (planned.length > 0) return planned;
  if (closed[0] !== undefined) throw closed[0];
  const kinds = anyOf.format(new Set(chosen.map(({ kind }) => kind.kind)));
  throw new UserError(`there is no ${kinds} in ${where === undefined ? 'any namespace' : `namespace ${where}`}`);
}

async function liveOf(
  { kind }: Controller,
  name: string | undefined,
  namespace: string | undefined,
  client: KubeClient,
): Promise<readonly KubeObject[]> {
  if (name === undefined) return (await client.list(kind, { namespace }).catch(noneIfAbsent)).items;
  const found = await client.get(kind, { name, ...(kind.namespaced && { namespace: namespace ?? 'default' }) });
  if (found !== undefined) return [found];
  throw new UserError(`there is no ${kind.kind} ${name} in namespace ${namespace ?? 'default'}`);
}

/** A cluster need not serve every kind that an operator here knows. */
function noneIfAbsent(error: unknown): { readonly items: readonly KubeObject[] } {
  if (error instanceof ApiError && error.isNotFound) return { items: [] };
  throw error;
}

async function planResource(controller: Controller, resource: KubeObject, place: PlanPlace): Promise<PlannedResource> {
  const subject = { resource: headOf(resource) };
  // Read as an object of the controller's kind, so it has a spec.
  const found = await preview(controller, resource as Parameters<typeof preview>[1], previewOptions(place));
  return { ...subject, verdict: 'Planned', edit: 'none', editedFields: [], preview: found };
}

function print(planned: readonly PlannedResource[], { output, brief = false }: PlanOptions): number {
  const summary = summaryOf(planned);
  if (output === 'json') {
    console.log(JSON.stringify({ resources: planned, summary }, undefined, 2));
    return exitCodeOf(summary);
  }
  const options = { paint: paintFor(process.stdout), isBrief: brief };
  for (const one of planned) console.log([...resourceLines(one, options), ''].join('\n'));
  console.log(summaryText(summary));
  return exitCodeOf(summary);
}

/** Colour where a person looks at a terminal that shows it; NO_COLOR and FORCE_COLOR are respected. */
function paintFor(stream: NodeJS.WriteStream): Paint {
  return (colour, text) => styleText(colour, text, { stream });
}

function headOf({ apiVersion, kind, metadata: { namespace, name } }: KubeObject): Preview['resource'] {
  return { apiVersion, kind, ...(namespace !== undefined && { namespace }), name };
}

function groupOf({ apiVersion }: KubeObject): string {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? '' : apiVersion.slice(0, slash);
}
