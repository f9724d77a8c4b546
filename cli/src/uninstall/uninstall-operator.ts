import { createClient, type Deployment, type KubeClient, loadKubeConfig } from '@capstan/kube';
import { helmReleaseOf, seconds, type UninstallOptions, uninstall } from '@capstan/runtime';
import { type Installation, type OperatorName, objectName } from '../doctor/installation.ts';
import { controllersOf, installations } from '../doctor/installations.ts';
import { placeOf } from '../doctor/operator-place.ts';
import { UserError } from '../failure.ts';
import { confirm } from '../prismctl/release/confirm.ts';
import { type InstalledObject, installedObjects, operatorDeployment, otherAtWork } from './installed-objects.ts';
import { removeDefinitions } from './remove-definitions.ts';
import { undoneBy } from './undone.ts';

/** What a person asked for. */
export interface UninstallFlags {
  /** Of the operator. */
  readonly namespace?: string;
  readonly deployment?: string;
  readonly resourcesIn?: readonly string[];
  readonly releaseOnly?: boolean;
  readonly crds?: boolean;
  /** In seconds. */
  readonly timeout: number;
  readonly force?: boolean;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly kubeconfig?: string;
  readonly context?: string;
}

/** An operator in a cluster, and what is to become of it. */
interface Case {
  readonly client: KubeClient;
  readonly installation: Installation;
  readonly flags: UninstallFlags;
  readonly deployment: Deployment | undefined;
  /** What an install made; empty where nothing of it is to be deleted. */
  readonly objects: readonly InstalledObject[];
  readonly options: UninstallOptions;
}

/**
 * Takes an operator down: shows a plan, asks, and does it.
 * @returns the exit code: 0 done, 1 something remains, or nothing was done
 * @throws {UserError} where it is not clear what is meant, or nobody can be asked
 */
export async function uninstallOperator(name: OperatorName, flags: UninstallFlags): Promise<number> {
  const { kubeconfig: path, context } = flags;
  const client = createClient(await loadKubeConfig({ path, context }), { userAgent: 'capstan-uninstall' });
  try {
    const [installation] = await installations([name]);
    if (installation === undefined) throw new UserError(`there is no operator ${name}`);
    return await carryOut(await caseOf(client, installation, flags));
  } finally {
    await client.close();
  }
}

async function caseOf(client: KubeClient, installation: Installation, flags: UninstallFlags): Promise<Case> {
  const { operator, webhooks, rivals } = installation;
  const { namespace = installation.namespace, timeout, force, releaseOnly = false } = flags;
  const deployment = await operatorDeployment(client, operator, { namespace, name: flags.deployment });
  const namespaces = resourcesOf(deployment, operator, flags);
  const other = namespaces.length > 0 || force === true ? undefined : await otherAtWork(client, operator, namespace);
  if (other !== undefined)
    throw new UserError(
      `another ${operator} is at work in namespace ${other}: name the namespaces whose resources it does not work on by --resources-in, or its own by --namespace`,
    );
  const stopped = releaseOnly ? undefined : deployment?.metadata.name;
  return {
    ...{ client, installation, flags, deployment },
    objects: releaseOnly ? [] : await installedObjects(client, operator, namespace),
    options: {
      ...{ client, namespace, namespaces, deployment: stopped, timeoutMs: seconds(timeout), isForced: force },
      operator: { name: operator, controllers: controllersOf(installation), webhooks, rivals, undone: undoneBy },
      tell: (line) => console.log(`  ${line}`),
    },
  };
}

/** Empty: those of every namespace. */
function resourcesOf(
  deployment: Deployment | undefined,
  operator: string,
  { resourcesIn }: UninstallFlags,
): readonly string[] {
  if (resourcesIn !== undefined) return resourcesIn;
  const works = deployment === undefined ? 'everywhere' : placeOf(deployment, operator).works;
  return works === 'everywhere' ? [] : works;
}

async function carryOut(it: Case): Promise<number> {
  const { flags, deployment, options } = it;
  const release = deployment === undefined ? undefined : helmReleaseOf(deployment);
  if (release !== undefined && flags.releaseOnly !== true) {
    console.error(
      `${it.installation.operator} came with the Helm release ${release}, which knows what belongs to it: helm uninstall ${release} -n ${options.namespace}`,
    );
    return 1;
  }
  await showPlan(it);
  if (flags.dryRun === true) return 0;
  if (flags.yes !== true && !(await confirm('Do this?'))) return 1;
  const remains = await uninstall(options);
  if (remains.length > 0) return toldOf(remains);
  await deleteAll(it);
  const left = flags.crds === true ? await removeDefinitions(it) : [];
  if (left.length > 0) return toldOf(left);
  console.log(`${it.installation.operator}: nothing waits for it any more`);
  return 0;
}

async function showPlan({ options, objects, flags, installation }: Case): Promise<void> {
  console.log(`${installation.operator} in namespace ${options.namespace}:`);
  const stopping = options.deployment === undefined ? [] : [`Deployment ${options.deployment}: to be scaled to zero`];
  const deleting = objects.map(({ object }) => `${objectName(object)}: to be deleted`);
  const definitions =
    flags.crds === true
      ? installation.definitions.map(({ metadata }) => `CustomResourceDefinition ${metadata.name}: to be deleted`)
      : [];
  for (const line of stopping) options.tell(line);
  const remains = await uninstall({ ...options, isDryRun: true });
  for (const line of [...deleting, ...definitions, ...remains.map((each) => `would remain: ${each}`)])
    options.tell(line);
  if (flags.crds !== true)
    console.log(
      `Custom resources, all that was made for them, definitions, and namespace ${options.namespace} itself stay.`,
    );
}

async function deleteAll({ client, objects, options }: Case): Promise<void> {
  for (const { type, object } of objects) {
    const { namespace, name, uid } = object.metadata;
    const there = await client.delete(type, { namespace, name }, { preconditions: { uid } });
    if (there) options.tell(`${objectName(object)}: deleted`);
  }
}

function toldOf(remains: readonly string[]): number {
  for (const line of remains) console.error(`remains: ${line}`);
  return 1;
}
