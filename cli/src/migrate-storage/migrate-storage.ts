import { ApiError, CustomResourceDefinition, createClient, type KubeClient, loadKubeConfig } from '@capstan/kube';
import { loadControllers } from '../operators.ts';
import { interruptedExitCode, listenForInterrupt } from '../terminal/interrupt.ts';
import { progressLine } from '../terminal/progress-line.ts';
import { chosenDefinitions } from './chosen-definitions.ts';
import { type Migration, migrate } from './migration.ts';
import { migrationLines } from './migration-text.ts';

export interface MigrateStorageOptions {
  readonly dryRun?: boolean;
  readonly kubeconfig?: string;
  readonly context?: string;
}

const none: ReadonlySet<string> = new Set();

/**
 * Rewrites the objects of kinds in their storage versions, one kind after the other, and prints what became of each. A kind that
 * cannot be migrated stops no other.
 * @param names of definitions; those of the operators that come along unless told
 * @returns the exit code: 0 all are migrated, 1 some are not, 130 interrupted
 */
export async function migrateStorage(names: readonly string[], options: MigrateStorageOptions): Promise<number> {
  const { kubeconfig, context, dryRun: isDryRun = false } = options;
  const signal = listenForInterrupt();
  const client = createClient(await loadKubeConfig({ path: kubeconfig, context }), {
    userAgent: 'capstan-migrate-storage',
  });
  try {
    const { items: installed } = await client.list(CustomResourceDefinition);
    const groups = names.length > 0 ? none : await ourGroups();
    const ends: Migration['kind'][] = [];
    for (const definition of chosenDefinitions(installed, names, groups)) {
      if (signal.aborted) break;
      const migration = await migrateShowing(client, definition, { isDryRun, signal });
      for (const line of migrationLines(definition.metadata.name, migration)) console.log(line);
      ends.push(migration.kind);
    }
    if (signal.aborted) return interruptedExitCode;
    return ends.some((end) => end === 'Refused' || end === 'Incomplete') ? 1 : 0;
  } finally {
    await client.close();
  }
}

/** The groups that the operators here work with. */
async function ourGroups(): Promise<ReadonlySet<string>> {
  return new Set((await loadControllers([])).map(({ kind }) => kind.group));
}

async function migrateShowing(
  client: KubeClient,
  definition: CustomResourceDefinition,
  options: { readonly isDryRun: boolean; readonly signal: AbortSignal },
): Promise<Migration> {
  const line = progressLine(process.stderr);
  const startedAt = performance.now();
  const title = `${options.isDryRun ? 'Checking' : 'Rewriting'} ${definition.metadata.name}`;
  const onProgress = (done: number, total: number) => {
    const elapsedMs = performance.now() - startedAt;
    // The first objects also pay for connecting.
    const remainingMs = elapsedMs < 1_000 ? undefined : (elapsedMs / done) * (total - done);
    line.show({ title, step: done, steps: total, elapsedMs, remainingMs, done: done === total });
  };
  try {
    return await migrate(client, definition, { ...options, onProgress });
  } catch (error) {
    // One kind that may not be read, say, stops no other.
    if (error instanceof ApiError) return { kind: 'Refused', why: error.message };
    throw error;
  } finally {
    line.clear();
  }
}
