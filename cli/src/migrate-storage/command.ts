import { Command } from 'commander';
import type { MigrateStorageOptions } from './migrate-storage.ts';

/** `capstan migrate-storage`: objects of kinds with several versions into the version that is stored. */
export function migrateStorageCommand(): Command {
  return new Command('migrate-storage')
    .description('rewrite objects that are stored in a former version of their kind')
    .argument('[definition...]', 'such as prismpatterns.prism.io; those of the operators that come along unless told')
    .option('--dry-run', 'ask whether every object would be accepted, and change nothing')
    .option('--kubeconfig <file>', 'kubeconfig to use; else $KUBECONFIG or ~/.kube/config')
    .option('--context <name>', 'context of the kubeconfig; else its current one')
    .addHelpText('after', '\nExit code: 0 all are in their storage version, 1 some are not, 130 interrupted')
    .action(async (names: readonly string[], options: MigrateStorageOptions) => {
      const { migrateStorage } = await import('./migrate-storage.ts');
      process.exitCode = await migrateStorage(names, options);
    });
}
