import { ApiError, type KubeClient, type KubeObject } from '@capstan/kube';
import { PrismCluster } from '@capstan/prism-operator';
import { asApplied } from '@capstan/runtime';
import { UserError } from '../../failure.ts';
import { at, type PlaceOptions } from '../place.ts';
import { clusterYaml, findingLines, secretLines } from './export-text.ts';
import { type Exported, exportOf } from './exported.ts';
import { readLiveObjects } from './live-objects.ts';
import { writeSecretFile } from './secret-file.ts';

export interface ExportOptions extends Pick<PlaceOptions, 'kubeconfig' | 'context'> {
  /** The kubeconfig's unless told. */
  readonly namespace?: readonly string[];
  readonly output: 'yaml' | 'json';
  /** Of the cluster. */
  readonly name: string;
  readonly secretFile?: string;
  readonly dryRun?: 'plan';
}

/**
 * Prints what stands in the namespaces as a PrismCluster, and changes nothing. Findings go to stderr, logins into the file of
 * Secrets and nowhere else.
 * @returns the exit code: 0, 1 when it would be refused, 2 when something that looks like Prism was left out
 * @throws {UserError} when there is nothing of Prism, or it cannot be read: what to do
 */
export function exportCluster(options: ExportOptions): Promise<number> {
  const { kubeconfig, context, namespace = [] } = options;
  const [first] = namespace;
  const place = {
    ...(kubeconfig !== undefined && { kubeconfig }),
    ...(context !== undefined && { context }),
    ...(first !== undefined && { namespace: first }),
  };
  return at(place, async ({ client, namespace: only }) => {
    const namespaces = namespace.length === 0 ? [only] : [...new Set(namespace)];
    const live = await readLiveObjects(client, namespaces);
    for (const what of live.notRead) console.error(`You may not list ${what}: nothing is said of them.`);
    return write(exportOf(live, options.name), namespaces, { ...options, client });
  });
}

type WriteOptions = ExportOptions & { readonly client: KubeClient };

async function write(exported: Exported, namespaces: readonly string[], options: WriteOptions): Promise<number> {
  const { cluster, findings, secrets } = exported;
  const { output, secretFile, dryRun, client } = options;
  if (cluster === undefined) {
    for (const line of findingLines(findings)) console.error(line);
    throw new UserError(
      `there is nothing of Prism in namespace ${namespaces.join(', ')}: --namespace looks in another, several times in several`,
    );
  }
  if (secretFile !== undefined) await writeSecretFile(secretFile, secrets);
  for (const line of [...findingLines(findings), ...secretLines(secrets, secretFile)]) console.error(line);
  // Every field of the draft comes of objects that the API server holds.
  const object = cluster as unknown as KubeObject;
  const isTaken = dryRun === 'plan' ? await planned(client, object) : await validated(object);
  if (dryRun === undefined)
    process.stdout.write(
      output === 'json' ? `${JSON.stringify(cluster, undefined, 2)}\n` : clusterYaml(cluster, namespaces),
    );
  if (!isTaken) return 1;
  return findings.some(({ kind }) => kind === 'LeftOut') ? 2 : 0;
}

async function planned(client: KubeClient, cluster: KubeObject): Promise<boolean> {
  const { printPlan } = await import('./export-plan.ts');
  return printPlan(client, cluster).catch((error: unknown) => {
    if (error instanceof ApiError && error.status === 403) throw new UserError(`no plan can be made: ${error.message}`);
    throw error;
  });
}

/** Asks the schema, which needs no cluster: an API server need not know the kind yet. */
async function validated(cluster: KubeObject): Promise<boolean> {
  const applied = await asApplied(PrismCluster, cluster, undefined);
  if (!('violations' in applied)) return true;
  console.error('The API server will not take it until this is corrected by hand:');
  for (const { path, message } of applied.violations) console.error(`  ${path}: ${message}`);
  return false;
}
